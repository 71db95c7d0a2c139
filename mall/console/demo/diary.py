"""The deeds of the demo's weeks, order by order as they were planned, sorted by time. No Django."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from mall.console.demo.planning import Fate, PlannedOrder, Since

AFTER_SALES = timedelta(days=7)
PAY_WITHIN = timedelta(minutes=30)
REVIEWED_PERCENT = 92
SECOND = timedelta(seconds=1)

Facts = Mapping[str, Any]
Remarks = dict[str, list[Facts]]
"""Product code -> reviews that nobody has written yet."""


class Kind(StrEnum):
    """What somebody does."""

    CLAIM = "claim"
    PLACE = "place"
    PAY = "pay"
    SHIP = "ship"
    SCAN = "scan"
    RECEIVE = "receive"
    REVIEW = "review"
    COMPLETE = "complete"
    TIME_OUT = "time_out"
    CANCEL = "cancel"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed about one order; ``facts`` are its own: which scan, which words."""

    at: datetime
    kind: Kind
    order: PlannedOrder
    facts: Facts = field(default_factory=dict)


def diary(
    orders: Sequence[PlannedOrder],
    *,
    midnight: datetime,
    now: datetime,
    remarks: Remarks,
    products: Mapping[str, str],
) -> list[Deed]:
    """Every deed up to the midnight of the present day, and what the present day's orders need.

    ``products`` is SKU code -> product code. ``remarks`` are used up.
    """
    deeds: list[Deed] = []
    for order in orders:
        placed_at = order.placed.instant(midnight, now)
        dice = Random(order.key)  # noqa: S311 - a story, no secret
        life = list(_life(order, placed_at, dice))
        if order.placed.since == Since.MIDNIGHT:
            life = [deed for deed in life if deed.at < midnight]
        deeds += life
        deeds += _reviews(life, dice, midnight, remarks, products)
    return sorted(deeds, key=lambda deed: (deed.at, deed.order.key))


def _life(order: PlannedOrder, placed_at: datetime, dice: Random) -> Iterator[Deed]:
    if order.claims:
        yield Deed(placed_at - timedelta(minutes=dice.randrange(2, 90)), Kind.CLAIM, order)
    yield Deed(placed_at, Kind.PLACE, order)
    paid_at = placed_at + timedelta(seconds=dice.randrange(25, 600))
    match order.fate:
        case Fate.UNPAID:
            return
        case Fate.TIMED_OUT:
            yield Deed(placed_at + PAY_WITHIN + 20 * SECOND, Kind.TIME_OUT, order)
        case Fate.CANCELLED:
            yield Deed(paid_at, Kind.CANCEL, order)
        case Fate.REFUNDED:
            yield Deed(paid_at, Kind.PAY, order)
            yield Deed(paid_at + timedelta(minutes=50), Kind.CANCEL, order)
            yield Deed(paid_at + timedelta(minutes=51), Kind.REFUND, order)
        case Fate.PAID:
            yield Deed(paid_at, Kind.PAY, order)
        case _:
            yield Deed(paid_at, Kind.PAY, order)
            yield from _journey(order, paid_at, dice)


def _journey(order: PlannedOrder, paid_at: datetime, dice: Random) -> Iterator[Deed]:
    """From the warehouse to the door; one that stays on its way is never signed for."""
    shipped_at = paid_at + timedelta(minutes=dice.randrange(150, 1500))
    yield Deed(shipped_at, Kind.SHIP, order, {"carrier": dice.choice(("sf", "zto", "yto", "jd"))})
    at = shipped_at
    for code, least, most in (
        ("picked", 40, 200),
        ("transit", 300, 900),
        ("delivering", 500, 1300),
        ("signed", 60, 420),
    ):
        at += timedelta(minutes=dice.randrange(least, most))
        if code == "signed" and order.fate == Fate.ON_THE_WAY:
            return
        yield Deed(at, Kind.SCAN, order, {"code": code})
    received_at = at + timedelta(minutes=dice.randrange(5, 2800))
    yield Deed(received_at, Kind.RECEIVE, order)
    yield Deed(received_at + AFTER_SALES + timedelta(minutes=10), Kind.COMPLETE, order)


def _reviews(
    life: Iterable[Deed],
    dice: Random,
    midnight: datetime,
    remarks: Remarks,
    products: Mapping[str, str],
) -> Iterator[Deed]:
    """What the buyer says of the lines they received, as long as there are words left."""
    for deed in life:
        if deed.kind != Kind.RECEIVE:
            continue
        for sku, _pieces in deed.order.lines:
            at = deed.at + timedelta(minutes=dice.randrange(10, 1200))
            left = remarks.get(products[sku])
            if left and at < midnight and dice.randrange(100) < REVIEWED_PERCENT:
                yield Deed(at, Kind.REVIEW, deed.order, {"sku": sku, **left.pop(0)})
