"""The goods of an order in stock: held when it is placed, let go when it closes.

Most orders reserve free pieces; what an activity sells may come from elsewhere.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inventory.selectors import last_attempt
from inventory.services import (
    release_stock,
    reserve_stock,
    take_from_activity,
    unlock_activity,
)
from orders.models import Order, OrderLine
from orders.services.dropship.recalling import recall_sub_orders
from orders.services.fulfilment.parcels import held_for
from promotions.models import Campaign
from promotions.selectors import dead_activities
from promotions.services import OfferLine, hold_offer


def hold_goods(order: Order, lines: Iterable[OrderLine], *, at: datetime, attempt: int = 1) -> None:
    """Hold every piece of the order, last in its transaction. A presale sells what is yet to come
    (`awaiting` holds it then); a flash sale sells the pieces that were set aside for it, its gifts
    come from normal stock.

    What is fetched in a store is held there. An order that is revived counts on from its last
    attempt: it may have gone elsewhere before.

    Locks, queries, raises: as `inventory.services.reserve_stock` and `take_from_activity`.
    """
    if order.offer_kind == Campaign.Kind.PRESALE:
        return
    rows = list(lines)
    where = _where(order, attempt if attempt == 1 else last_attempt(order.number) + 1, at)
    if order.offer_kind == Campaign.Kind.FLASH:
        gifts = [line for line in rows if line.is_gift]
        sold = stock_of(line for line in rows if not line.is_gift)
        take_from_activity(activity_id=str(order.offer_id), wanted=sold, **where)
        rows = gifts
    if rows:
        reserve_stock(wanted=stock_of(rows), kits=kits_in(rows), **where)


def hold_arrived(order: Order, lines: Iterable[OrderLine], *, at: datetime) -> bool:
    """Hold what a presale order of which nothing has left yet still lacks: all of it or nothing;
    False when it lacks nothing.

    Queries: 1, and 1 and those of `reserve_stock` where it lacks something. Raises: OutOfStock,
    TooManyParcels.
    """
    rows = list(lines)
    wanted = _lacking(order, rows)
    if not wanted:
        return False
    kits = {key: kit for key, kit in kits_in(rows).items() if key in wanted}
    where = _where(order, last_attempt(order.number) + 1, at)
    reserve_stock(wanted=wanted, kits=kits, **where)
    return True


def _lacking(order: Order, lines: Iterable[OrderLine]) -> dict[str, tuple[int, int]]:
    """Of `stock_of` the pieces that the order does not hold. Queries: 1."""
    held: Counter[str] = Counter()
    for part in held_for(order.number):
        held[part.line_key] += part.pieces
    return {
        key: (sku_id, pieces - held[key])
        for key, (sku_id, pieces) in stock_of(lines).items()
        if pieces > held[key]
    }


def _where(order: Order, attempt: int, at: datetime) -> dict[str, Any]:
    """For which order goods are held, and where: what is fetched in a store lies there."""
    where: dict[str, Any] = {
        "order_number": order.number,
        "region_code": order.region_code,
        "at": at,
        "attempt": attempt,
    }
    if order.delivery == Order.Delivery.PICKUP:
        where["warehouse_id"] = order.pickup.store.warehouse_id
    return where


def hold_in_activity(
    order: Order, lines: Iterable[OrderLine], *, at: datetime, attempt: int = 1
) -> None:
    """Take the order's pieces out of its activity's quota; a team it opens becomes its reference.

    Queries, raises: as `promotions.services.hold_offer`, 1 more for a new reference.
    """
    assert order.member_id is not None, "guests order nothing in activities"
    reference = hold_offer(
        order_number=order.number,
        member_id=order.member_id,
        line=offer_line_of(order, lines),
        at=at,
        attempt=attempt,
    )
    if reference != order.offer_reference:
        order.offer_reference = reference
        order.save(update_fields=["offer_reference"])


def free_goods(order: Order, *, at: datetime) -> None:
    """Let go of every piece the order still holds, once; a flash sale that is over keeps none.

    What partners have not sent yet is called back first."""
    if order.paid_at is not None:
        recall_sub_orders(order, at=at)
    release_stock(order_number=order.number, at=at)
    if order.offer_kind == Campaign.Kind.FLASH and order.offer_id is not None:
        for campaign_id in dead_activities([order.offer_id], at):
            unlock_activity(activity_id=str(campaign_id), at=at)


def free_pieces(order: Order, pieces: dict[str, int], *, reference: str, at: datetime) -> None:
    """Let go of pieces (line position -> pieces) that will not be shipped; a presale whose goods
    have not come holds none. Partners that were to send some of these lines are called back."""
    if order.offer_kind == Campaign.Kind.PRESALE and not held_for(order.number):
        return
    recall_sub_orders(order, at=at, positions=pieces)
    release_stock(order_number=order.number, pieces=pieces, reference=reference, at=at)
    if order.offer_kind == Campaign.Kind.FLASH and order.offer_id is not None:
        for campaign_id in dead_activities([order.offer_id], at):
            unlock_activity(activity_id=str(campaign_id), at=at)


def stock_of(lines: Iterable[OrderLine]) -> dict[str, tuple[int, int]]:
    """What lines hold in stock, as inventory names them: position -> (SKU, pieces)."""
    return {
        str(line.position): (line.sku_id, line.quantity - line.withdrawn)
        for line in lines
        if line.sku_id is not None and line.quantity > line.withdrawn
    }


def kits_in(lines: Iterable[OrderLine]) -> dict[str, tuple[tuple[int, int], ...]]:
    """What the bundles among lines take from stock, as they were sold: position -> SKU and pieces
    of each part."""
    return {
        str(line.position): tuple((part["sku_id"], part["quantity"]) for part in line.parts)
        for line in lines
        if line.parts and line.quantity > line.withdrawn
    }


def pieces_of(line: OrderLine, number: int) -> dict[int, int]:
    """``number`` pieces of a line as they lie in stock: SKU id -> pieces, a bundle by its parts."""
    if line.sku_id is None or number < 1:
        return {}
    if not line.parts:
        return {line.sku_id: number}
    return {part["sku_id"]: number * part["quantity"] for part in line.parts}


def offer_line_of(order: Order, lines: Iterable[OrderLine]) -> OfferLine:
    """The one line of an order that was placed in an activity; gifts come beside it."""
    line = next(line for line in lines if not line.is_gift)
    assert order.offer_id is not None, "an activity's order names it"
    assert line.sku_id is not None, "activities sell goods of the catalogue"
    return OfferLine(order.offer_id, line.sku_id, line.quantity, order.offer_reference)
