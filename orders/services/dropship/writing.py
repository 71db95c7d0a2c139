"""An order that may be packed is split: what lies with a partner becomes a sub-order of its own.

A sub-order's pieces are the order's reservations in that warehouse, always: whoever changes those
calls it back (`recalling`), and it is written anew here. Source: O-28, I-23.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Reservation, SupplierSku, Warehouse
from inventory.selectors import in_places, terms_of
from mall.kernel import clock
from mall.kernel.db import atomic_retry
from orders.models import ForwardRoute, Order, OrderLine, Shipment, SubOrder, SubOrderLine
from orders.services.nudging import nudge
from orders.services.numbering import new_number

Status, Stage, State = Order.Status, Order.Stage, SubOrder.State
OPEN_STATUSES = (Status.PAID, Status.PART_SHIPPED)
OPEN_STAGES = (Stage.TO_PACK, Stage.PACKED)
KNOWN = (*SubOrder.LIVE, State.REFUSED)
"""A warehouse that has refused is not asked again by itself."""
FORWARD = "orders.forward_sub_orders"

Held = dict[str, int]


def partners() -> QuerySet[Warehouse]:
    """Warehouses that others run: a supplier's own, and clouds that we have a way to."""
    is_cloud = Q(kind=Warehouse.Kind.CLOUD, forward_route__isnull=False)
    return Warehouse.objects.filter(Q(kind=Warehouse.Kind.SUPPLIER) | is_cloud)


def write_missing(at: datetime, limit: int = 200) -> int:
    """Write the sub-orders of every order that may be packed and lacks some; returns how many.

    Queries: 1, and those of `write_sub_orders` for each order found.
    """
    order = Order.objects.filter(number=OuterRef("source_id"))
    ready = order.filter(
        status__in=OPEN_STATUSES, stage__in=OPEN_STAGES, delivery=Order.Delivery.CARRIER
    )
    known = SubOrder.objects.filter(
        order__number=OuterRef("source_id"),
        warehouse=OuterRef("item__warehouse"),
        state__in=KNOWN,
    )
    lacking = (
        Reservation.objects.open()
        .filter(Exists(ready), source_type=Reservation.Source.ORDER, item__warehouse__in=partners())
        .exclude(Exists(known))
    )
    numbers = lacking.order_by("source_id").values_list("source_id", flat=True).distinct()
    return sum(write_sub_orders(order_number=number, at=at) for number in numbers[:limit])


@atomic_retry()
def write_sub_orders(*, order_number: str, at: datetime) -> int:
    """Write a sub-order for each partner that holds goods of the order and knows nothing of it yet;
    returns how many. Safe to run again.

    Locks: the order. Queries: 2 where nothing lies with partners, else 4 and 5 a sub-order.
    """
    order = Order.objects.filter(number=order_number).locked().first()
    if order is None or not _is_ready(order):
        return 0
    held = _held_by_partners(order)
    if not held:
        return 0
    known = set(order.sub_orders.filter(state__in=KNOWN).values_list("warehouse_id", flat=True))
    fresh = [house for house in held if house.pk not in known]
    if not fresh:
        return 0
    lines = {str(line.position): line for line in order.lines.all()}
    for house in fresh:
        _write(order, house, held[house], lines, at)
    nudge(FORWARD)
    return len(fresh)


def _is_ready(order: Order) -> bool:
    return (
        order.status in OPEN_STATUSES
        and order.stage in OPEN_STAGES
        and order.delivery == Order.Delivery.CARRIER
    )


def _held_by_partners(order: Order) -> dict[Warehouse, Held]:
    """Line key -> pieces that lie with each partner for the order; bundles that were held before
    others packed there count as such. Queries: 1."""
    rows = (
        Reservation.objects.of_source(Reservation.Source.ORDER, order.number)
        .open()
        .filter(item__warehouse__in=partners())
        .select_related("item__warehouse__supplier", "item__warehouse__forward_route")
        .with_places()
        .order_by("item__warehouse_id", "pk")
    )
    held: dict[Warehouse, Held] = {}
    for row, *_parts in in_places(rows):
        here = held.setdefault(row.item.warehouse, {})
        here[row.line_key] = here.get(row.line_key, 0) + row.held_units
    return held


def write_shipped(
    shipment: Shipment, house: Warehouse, pieces: Held, lines: Mapping[str, OrderLine]
) -> SubOrder:
    """Write down what a person sent from a partner's house that no sub-order had asked for: it is
    over as it begins. Queries: 4."""
    return _write(
        shipment.order,
        house,
        pieces,
        lines,
        shipment.shipped_at,
        state=State.SHIPPED,
        shipment=shipment,
        ended_at=shipment.shipped_at,
        next_at=None,
    )


def _write(
    order: Order,
    house: Warehouse,
    pieces: Held,
    lines: Mapping[str, OrderLine],
    at: datetime,
    **columns: Any,
) -> SubOrder:
    """Queries: 5."""
    told_at = None if adapter_of(house) == ForwardRoute.Adapter.CSV else at
    sub = SubOrder.objects.create(
        number=new_number(at, "D"),
        order=order,
        warehouse=house,
        created_at=at,
        due_at=_due_at(house, at),
        **{"next_at": told_at, **columns},
    )
    inside = {line: pieces[key] for key, line in lines.items() if key in pieces}
    goods = _goods_of(house, inside)
    SubOrderLine.objects.bulk_create(
        SubOrderLine(
            sub_order=sub,
            line=line,
            quantity=number,
            outside_code=goods[line.sku_id].supplier_code if line.sku_id in goods else "",
            cost_fen=goods[line.sku_id].cost_fen if line.sku_id in goods else 0,
        )
        for line, number in inside.items()
    )
    return sub


def adapter_of(house: Warehouse) -> str:
    """How a warehouse is told; a supplier without a way of its own looks into the console."""
    route: ForwardRoute | None = getattr(house, "forward_route", None)
    return route.adapter if route else ForwardRoute.Adapter.PORTAL


def _due_at(house: Warehouse, at: datetime) -> datetime | None:
    """When a supplier has to have sent it (I-28); nobody has agreed hours with a cloud."""
    if house.supplier is None:
        return None
    return at + timedelta(hours=terms_of(house.supplier, clock.day_of(at)).ships_within_hours)


def _goods_of(house: Warehouse, lines: Iterable[OrderLine]) -> dict[int | None, SupplierSku]:
    rows = SupplierSku.objects.filter(
        supplier=house.supplier_id, sku__in=[line.sku_id for line in lines]
    )
    return {row.sku_id: row for row in rows}
