"""Parcels leave the house, whole orders or parts of them, and are followed on their way. Source:
O-18, INV-28."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from inventory.services import consume_stock
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Account
from orders import messages, words
from orders.errors import (
    CarrierUnknown,
    IllegalMove,
    NothingToShip,
    ParcelKnown,
    TooManyPieces,
    WaitsForCheck,
    WaitsForGroup,
)
from orders.events import OrderShipped
from orders.models import Carrier, Order, OrderLine, Packing, Shipment, ShipmentLine
from orders.services.dropship.settling import settle_sub_orders
from orders.services.fulfilment.house_times import figure
from orders.services.fulfilment.parcels import held_for, parcel_facts, pieces_in
from orders.services.goods import hold_arrived
from orders.services.moving import move
from orders.services.numbering import new_number
from orders.services.telling import tell_buyer
from orders.states import Deed
from promotions.models import Campaign

SHIPPABLE = (Order.Status.PAID, Order.Status.PART_SHIPPED)


@atomic_retry()
def ship_order(
    *,
    order_number: str,
    carrier: str,
    tracking_no: str,
    at: datetime,
    actor: Account | None = None,
    pieces: Mapping[int, int] | None = None,
    warehouse_id: int | None = None,
) -> Shipment:
    """Send one parcel: ``pieces`` (line id -> pieces), or all that is left of the order, or what
    of it lies in one warehouse.

    Locks: order, lines, sub-orders, stock. Raises: NotFound, IllegalMove, WaitsForGroup,
    WaitsForCheck, CarrierUnknown, NothingToShip, TooManyPieces, ParcelKnown; NotReserved when the
    pieces lie elsewhere, OutOfStock for a presale whose goods have not come. Emits: OrderShipped;
    tells the buyer.
    """
    order, receive_days = _locked_to_ship(order_number)
    lines = list(order.lines.locked())
    held = held_for(order.number)
    if pieces is None and warehouse_id is not None:
        pieces = pieces_in(held, lines, warehouse_id)
    parts = _parts(lines, pieces)
    is_first = not any(line.shipped for line in lines)
    taken = carrier_of(carrier)
    facts = parcel_facts(
        order,
        {line: parts[line.pk] for line in lines if line.pk in parts},
        taken,
        held=held,
        warehouse_id=warehouse_id,
        at=at,
    )
    shipment = _write_shipment(
        order, carrier=taken, tracking_no=tracking_no, shipped_at=at, actor=actor, **facts
    )
    _put_in(shipment, lines, parts)
    is_complete = not any(left_to_settle(line) for line in lines)
    due_at = at + timedelta(days=receive_days) if is_complete else None
    _move_on(order, due_at, at, actor)
    _announce(order, shipment, is_complete, at, actor)
    _let_go_of_goods(order, lines, shipment, parts, is_presale_start=is_first, held_in=warehouse_id)
    return shipment


def _locked_to_ship(order_number: str) -> tuple[Order, int]:
    """The order, and after how many days it counts as received. Raises: NotFound, IllegalMove,
    WaitsForGroup, WaitsForCheck."""
    orders = Order.objects.filter(number=order_number).annotate(days=figure("receive_days"))
    found: Any = orders.locked().first()
    if found is None:
        raise NotFound
    order: Order = found
    if order.status not in SHIPPABLE or order.delivery == Order.Delivery.PICKUP:
        raise IllegalMove(status=order.status)
    if order.stage == Order.Stage.GROUPING:
        raise WaitsForGroup
    if order.stage == Order.Stage.IN_REVIEW:
        raise WaitsForCheck
    return order, found.days


def _put_in(shipment: Shipment, lines: Sequence[OrderLine], parts: Mapping[int, int]) -> None:
    """Count what is in the parcel."""
    inside = [line for line in lines if line.pk in parts]
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, quantity=parts[line.pk]) for line in inside
    )
    for line in inside:
        line.shipped += parts[line.pk]
    OrderLine.objects.bulk_update(lines, ["shipped"])
    packings = Packing.objects.filter(order_id=shipment.order_id, packed_at__isnull=True)
    packings.filter(warehouse_id=shipment.warehouse_id or 0).update(
        packed_at=shipment.shipped_at, packed_by=shipment.actor
    )


def _let_go_of_goods(
    order: Order,
    lines: Sequence[OrderLine],
    shipment: Shipment,
    parts: Mapping[int, int],
    *,
    is_presale_start: bool,
    held_in: int | None,
) -> None:
    """The pieces leave the stock, the hottest rows last; what a presale lacks is held only now.
    What was a partner's to send is over."""
    lacks = is_presale_start and order.offer_kind == Campaign.Kind.PRESALE
    if lacks and hold_arrived(order, lines, at=shipment.shipped_at):
        shipment.warehouse_id = held_for(order.number)[0].warehouse_id
        shipment.save(update_fields=["warehouse"])
    settle_sub_orders(order, shipment, lines, parts, held_in)
    consume_stock(
        order_number=order.number,
        pieces={str(line.position): parts[line.pk] for line in lines if line.pk in parts},
        shipment_number=shipment.number,
        warehouse_id=held_in,
        actor=shipment.actor,
        at=shipment.shipped_at,
    )


def carrier_of(code: str) -> Carrier:
    """The carrier of a code. Raises: CarrierUnknown when no new parcel may go with it."""
    found: Carrier | None = Carrier.objects.in_use().filter(code=code).first()
    if found is None:
        raise CarrierUnknown(carrier=code)
    return found


def left_to_ship(line: OrderLine) -> int:
    """Pieces of a line that may be shipped: not yet shipped, paid back, or asked back."""
    return max(0, left_to_settle(line) - line.withdrawing)


def left_to_settle(line: OrderLine) -> int:
    """Pieces of a line that are neither shipped nor paid back before shipping."""
    return max(0, line.quantity - line.shipped - line.withdrawn)


def _parts(lines: Sequence[OrderLine], wanted: Mapping[int, int] | None) -> dict[int, int]:
    """Line id -> pieces of this parcel. Raises: NotFound, NothingToShip, TooManyPieces."""
    left = {line.pk: left_to_ship(line) for line in lines}
    if wanted is None:
        wanted = left
    if not set(wanted) <= set(left):
        raise NotFound
    for line in lines:
        if wanted.get(line.pk, 0) > left[line.pk] or wanted.get(line.pk, 0) < 0:
            raise TooManyPieces(sku=line.sku_code, left=left[line.pk])
    parts = {line_id: number for line_id, number in wanted.items() if number}
    if not parts:
        raise NothingToShip
    return parts


def _write_shipment(order: Order, **columns: Any) -> Shipment:
    """Raises: ParcelKnown."""
    number = new_number(columns["shipped_at"], "S")
    try:
        with transaction.atomic():
            return Shipment.objects.create(number=number, order=order, **columns)
    except IntegrityError as error:
        raise ParcelKnown from error


def _move_on(order: Order, due_at: datetime | None, at: datetime, actor: Account | None) -> None:
    """With the last parcel the order is shipped, and counts as received when it is due."""
    stamps: dict[str, Any] = {"shipped_at": order.shipped_at or at}
    if due_at is not None:
        stamps["receive_due_at"] = due_at
    elif order.stage == Order.Stage.PACKED:
        stamps["stage"] = Order.Stage.PACKED
    else:
        stamps["stage"] = Order.Stage.TO_PACK
    deed = Deed.SHIPPED if due_at is not None else Deed.PART_SHIPPED
    move(order, deed, at=at, actor=actor, **stamps)


def _announce(
    order: Order, shipment: Shipment, is_complete: bool, at: datetime, actor: Account | None
) -> None:
    audit.record(
        actor=actor,
        verb="orders.ship",
        target=order,
        at=at,
        after={"shipment": shipment.number, "status": order.status},
    )
    publish(
        OrderShipped(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            shipment_number=shipment.number,
            is_complete=is_complete,
            at=at,
        )
    )
    assert shipment.carrier is not None, "what is sent has a carrier"
    tell_buyer(
        order,
        messages.ORDER_SHIPPED,
        {**words.carrier_names(shipment.carrier), "tracking_no": shipment.tracking_no},
        at=at,
        cause=shipment.number,
    )
