"""The price receipt as a page shows it: the steps of a Quote or an Order as named rows that add up.

Pure sums. Whatever carries the shapes of the REST contract will do, mappings and objects alike,
so that the product page, the cart, the checkout, an order and the console draw the same paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

UNIT_LANE = "unit_price"
LANES = (
    UNIT_LANE,
    "item_offer",
    "order_offer",
    "tier_rate",
    "coupon",
    "points",
    "operator",
)
REGION_NEEDED = "region_needed"
"""The freight's ``reason_code`` in a Quote without an address."""


class RowKind(StrEnum):
    """What a row does to the total, and which class it wears."""

    OFF = "off"
    FREIGHT = "freight"
    FREE = "free"
    LATER = "later"


@dataclass(frozen=True)
class Row:
    """One row under the list price. ``amount_fen`` is signed as it is added to the total."""

    kind: RowKind
    label: str
    amount_fen: int
    lane: str = ""
    lines: int = 0


@dataclass(frozen=True)
class Reason:
    """Why an offer or a coupon did not apply, in words."""

    label: str
    reason: str


@dataclass(frozen=True)
class Slip:
    """A receipt: ``goods_fen`` plus the amounts of all rows is ``total_fen``.

    A presale's total is paid as ``deposit_fen`` first and ``balance_fen`` later.
    """

    goods_fen: int
    rows: tuple[Row, ...]
    total_fen: int
    saved_fen: int
    kinds: int
    pieces: int
    points_used: int
    points_earned: int
    reasons: tuple[Reason, ...]
    deposit_fen: int = 0
    balance_fen: int = 0


def read(thing: Any, name: str, default: Any = None) -> Any:
    """Return ``thing[name]`` or ``thing.name``: contexts may carry either."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


def slip(priced: Any) -> Slip:
    """Return the receipt of a Quote or an Order. Units: fen."""
    lines = list(read(priced, "lines", ()))
    off = off_rows(lines)
    points = read(priced, "points") or {}
    used = read(points, "used", None)
    deposit_fen = deposit(priced)
    return Slip(
        goods_fen=read(priced, "goods_fen"),
        rows=(*off, *freight_rows(priced)),
        total_fen=read(priced, "payable_fen"),
        saved_fen=-sum(row.amount_fen for row in off),
        kinds=len({read(line, "sku_id") for line in lines}),
        pieces=sum(read(line, "quantity") for line in lines),
        points_used=(used if used is not None else read(priced, "points_used", 0)) or 0,
        points_earned=read(points, "earned", 0) or 0,
        reasons=tuple(reasons(priced, lines)),
        deposit_fen=deposit_fen,
        balance_fen=read(priced, "payable_fen") - deposit_fen if deposit_fen else 0,
    )


def deposit(priced: Any) -> int:
    """Return what a presale asks for at once, 0 where all is paid together. Units: fen."""
    presale = read(priced, "presale")
    if presale:
        return int(read(presale, "deposit_fen"))
    now_fen = read(priced, "pay_now_fen")
    return 0 if now_fen in (None, read(priced, "payable_fen")) else int(now_fen)


def off_rows(lines: Iterable[Any]) -> list[Row]:
    """Return one row a rule, the steps of all lines summed, in lane order; prices of one name are
    one row, whichever campaign made them. Units: fen."""
    sums: dict[tuple[str, str, Any, str], list[int]] = {}
    for line in lines:
        for step in read(line, "steps", ()):
            lane, kind = read(step, "lane"), read(step, "kind")
            source = None if lane == UNIT_LANE else read(step, "source_id")
            key = (lane, kind, source, read(step, "label"))
            sums.setdefault(key, []).append(read(step, "amount_fen"))
    rows = [
        Row(RowKind.OFF, str(label), -sum(amounts), lane=lane, lines=len(amounts))
        for (lane, _, _, label), amounts in sums.items()
    ]
    return sorted(rows, key=lambda row: LANES.index(row.lane))


def freight_rows(priced: Any) -> list[Row]:
    """Return the freight of a Quote or an Order: what it is, then what was taken off it.

    The freight of a Quote without an address is still to be worked out; that of several shops is a
    row a shop.
    """
    freight_fen = read(priced, "freight_fen")
    freight = read(priced, "freight", {})
    if freight_fen is None or read(freight, "reason_code", "") == REGION_NEEDED:
        return [Row(RowKind.LATER, "", 0)]
    steps = list(read(freight, "steps", ()) or ())
    if not freight_fen:
        why = str(read(steps[-1], "label")) if steps else str(read(freight, "reason", "") or "")
        return [Row(RowKind.FREE, why, 0)]
    base_fen = freight_fen + sum(read(step, "amount_fen") for step in steps)
    off = [
        Row(RowKind.OFF, str(read(step, "label")), -read(step, "amount_fen"), lane="freight")
        for step in steps
    ]
    shops = list(read(freight, "shops", ()) or ())
    if len(shops) > 1:
        return [*map(shop_row, shops), *off]
    return [Row(RowKind.FREIGHT, str(read(freight, "template", "") or ""), base_fen), *off]


def shop_row(shop: Any) -> Row:
    """Return the freight of one shop's parcels, before anything is taken off. Units: fen."""
    return Row(RowKind.FREIGHT, str(read(shop, "title")), read(shop, "base_fen"))


def reasons(priced: Any, lines: Iterable[Any]) -> list[Reason]:
    """Return each offer and coupon that did not apply once, with its reason."""
    found: dict[tuple[Any, Any], Reason] = {}
    for line in lines:
        for why in read(line, "why_not", ()) or ():
            key = (read(why, "kind"), read(why, "source_id"))
            found.setdefault(key, Reason(str(read(why, "label")), str(read(why, "reason"))))
    return list(found.values())
