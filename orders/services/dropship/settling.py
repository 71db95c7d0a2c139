"""A parcel leaves a partner's warehouse: its sub-order is over, what it cost is owed, and whether
it was in time is noted. Source: O-28, I-28, I-34.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Exists

from inventory.models import Reservation, Warehouse
from inventory.services import post_dropship_goods, record_shipping
from orders.models import Order, OrderLine, Shipment, SubOrder
from orders.services.dropship.alarming import end_alarm
from orders.services.dropship.recalling import recall_sub_orders
from orders.services.dropship.writing import write_shipped
from orders.services.fulfilment.parcels import Held, held_for

Taken = dict[int, dict[str, int]]
"""Warehouse -> line key -> pieces."""


def settle_sub_orders(
    order: Order,
    shipment: Shipment,
    lines: Iterable[OrderLine],
    parts: Mapping[int, int],
    held_in: int | None,
) -> None:
    """Before the pieces of a parcel leave the stock: end the sub-orders that it fulfils, and call
    back those of which it takes a part only. What leaves a supplier's house otherwise is owed too:
    nothing else says so.

    Locks: the sub-orders, then the supplier's amounts. Queries: 1 where nothing lies with partners.
    """
    live = SubOrder.objects.live().filter(order=order)
    held = Reservation.objects.of_source(Reservation.Source.ORDER, order.number).open()
    theirs = held.filter(item__warehouse__supplier__isnull=False)
    if not Order.objects.filter(Exists(live) | Exists(theirs), pk=order.pk).exists():
        return
    by_key = {str(line.position): line for line in lines}
    wanted = {key: parts[line.pk] for key, line in by_key.items() if line.pk in parts}
    taken = _taken(held_for(order.number), wanted, held_in)
    for sub in list(live.locked()):
        here = taken.get(sub.warehouse_id)
        if here is None:
            continue
        rows = list(sub.lines.select_related("line"))
        if here == {str(row.line.position): row.quantity for row in rows}:
            _end(sub, shipment)
            del taken[sub.warehouse_id]
        else:
            recall_sub_orders(order, at=shipment.shipped_at, warehouse_ids=[sub.warehouse_id])
    for house in Warehouse.objects.filter(pk__in=taken, supplier__isnull=False).order_by("pk"):
        _owe(write_shipped(shipment, house, taken[house.pk], by_key))


def _taken(held: Iterable[Held], wanted: Mapping[str, int], held_in: int | None) -> Taken:
    """From where `consume_stock` will take the pieces: reservations in the order they were made."""
    taken: Taken = {}
    missing = dict(wanted)
    for row in held:
        if held_in is not None and row.warehouse_id != held_in:
            continue
        part = min(row.pieces, missing.get(row.line_key, 0))
        if part:
            here = taken.setdefault(row.warehouse_id, {})
            here[row.line_key] = here.get(row.line_key, 0) + part
            missing[row.line_key] -= part
    return taken


def _end(sub: SubOrder, shipment: Shipment) -> None:
    at = shipment.shipped_at
    sub.state, sub.shipment, sub.ended_at, sub.next_at = SubOrder.State.SHIPPED, shipment, at, None
    is_late = sub.due_at is not None and at > sub.due_at
    sub.is_late = sub.is_late or is_late
    sub.save(update_fields=["state", "shipment", "ended_at", "next_at", "is_late"])
    end_alarm(sub.number, at=at, outcome="shipped")
    supplier_id = sub.warehouse.supplier_id
    if supplier_id is None:
        return
    record_shipping(
        supplier_id=supplier_id,
        reference=sub.number,
        ordered_at=sub.created_at,
        shipped_at=at,
        at=at,
    )
    _owe(sub)


def _owe(sub: SubOrder) -> None:
    """What a shipped sub-order cost stands on the supplier's next statement, once."""
    assert sub.ended_at is not None, "what is shipped is over"
    assert sub.warehouse.supplier_id is not None, "only a supplier's goods are owed for"
    post_dropship_goods(
        supplier_id=sub.warehouse.supplier_id,
        sub_order=sub.number,
        cost_fen=sum(row.quantity * row.cost_fen for row in sub.lines.all()),
        at=sub.ended_at,
    )
