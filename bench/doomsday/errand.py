"""What one buyer will do with one order: decided by the seed before anything is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any


class Fate(StrEnum):
    """How an order ends, as far as its buyer has a say."""

    PAID = "paid"
    PAID_TWICE = "paid_twice"
    """With both providers: one payment is surplus and comes back."""
    PAID_THEN_CANCELLED = "paid_then_cancelled"
    RETURNED_IN_PART = "returned_in_part"
    """One piece of it is paid back; an operator says yes."""
    CANCELLED = "cancelled"
    CANCELLED_WHILE_PAYING = "cancelled_while_paying"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    """At a page of the provider that was still open: the money comes back."""
    LEFT = "left"
    """Neither paid nor cancelled; its time runs out."""


FATES = {
    Fate.PAID: 56,
    Fate.PAID_TWICE: 3,
    Fate.PAID_THEN_CANCELLED: 13,
    Fate.RETURNED_IN_PART: 12,
    Fate.CANCELLED: 8,
    Fate.CANCELLED_WHILE_PAYING: 3,
    Fate.PAID_AFTER_CANCEL: 3,
    Fate.LEFT: 2,
}
HOT, SCARCE, POINTS, COUPON, TWICE, DROPPED = 15, 3, 15, 15, 5, 5
"""Per cent: in the flash sale, of goods that run out, with points, with a coupon, sent twice at
once, the connection lost after sending."""

BASKETS = 12
"""Of each size."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One order to be made. ``key`` is its idempotency key and its note."""

    key: str
    buyer: int
    body: Mapping[str, Any]
    takes_coupon: bool
    is_sent_twice: bool
    is_dropped: bool
    provider: str
    fate: Fate


def errand(seed: int, number: int, buyers: int, world: Mapping[str, Any]) -> Errand:
    """The errand ``number`` of a run. ``world`` is what `bench/doomsday/world.py` opened."""
    chance = Random(f"{seed}/errand/{number}")  # noqa: S311 - repeatable on purpose
    key = f"doom-{number}"
    body: dict[str, Any] = {"lines": _lines(chance, world), "note": key}
    is_hot = "offer" in body["lines"][0]
    if not is_hot and chance.random() * 100 < POINTS:
        body["points"] = 100
    fate = chance.choices(list(FATES), list(FATES.values()))[0]
    return Errand(
        key=key,
        buyer=number % buyers,
        body=body,
        takes_coupon=chance.random() * 100 < COUPON,
        is_sent_twice=chance.random() * 100 < TWICE,
        is_dropped=chance.random() * 100 < DROPPED,
        provider="alipay" if fate == Fate.PAID_AFTER_CANCEL else _provider(chance),
        fate=Fate.CANCELLED if fate == Fate.LEFT and not is_hot else fate,
    )


def _provider(chance: Random) -> str:
    return chance.choice(("wechatpay", "wechatpay", "alipay"))


def _lines(chance: Random, world: Mapping[str, Any]) -> list[dict[str, Any]]:
    draw = chance.random() * 100
    if draw < HOT:
        offer = {"kind": "flash", "id": str(world["campaign_id"])}
        return [{"sku_id": chance.choice(world["hot"]), "quantity": 1, "offer": offer}]
    if draw < HOT + SCARCE:
        return [{"sku_id": chance.choice(world["scarce"]), "quantity": chance.randint(1, 2)}]
    return list(chance.choice(_baskets(tuple(world["skus"]))))


@cache
def _baskets(skus: tuple[int, ...]) -> list[list[dict[str, Any]]]:
    """What people buy together: few enough that a price, once asked for, is known to all."""
    chance = Random(len(skus))  # noqa: S311 - repeatable on purpose
    return [
        [{"sku_id": sku, "quantity": chance.randint(1, 3)} for sku in chance.sample(skus, size)]
        for size in (1, 2, 3)
        for _n in range(BASKETS)
    ]
