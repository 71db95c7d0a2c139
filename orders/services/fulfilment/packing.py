"""The floor of a warehouse: which orders are picked in one walk, and which are packed.

Source: requirements O-17, O-21. A row of `Packing` is one order in one warehouse, made when it
comes on a list or is packed without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.models import Reservation, Warehouse
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from members.models import Account
from orders.errors import NothingToPack
from orders.models import FulfilmentPolicy, Order, OrderHistory, Packing, PickList
from orders.services.numbering import new_number
from orders.states import PACKED

Status, Stage = Order.Status, Order.Stage
PACKABLE = (Status.PAID, Status.PART_SHIPPED)


@atomic_retry()
def make_pick_list(
    *, order_ids: Sequence[int], warehouse: Warehouse, actor: Account, at: datetime
) -> PickList:
    """Put the orders with goods in a warehouse on one list; those on a list already move to it.

    Locks: orders, packings. Queries: 9, however many orders. Raises: NothingToPack.
    """
    orders = _with_goods_here(order_ids, warehouse)
    made = PickList.objects.create(
        number=new_number(at, "K"), warehouse=warehouse, made_at=at, made_by=actor
    )
    _rows_of(orders, warehouse)
    Packing.objects.filter(order__in=orders, warehouse=warehouse, packed_at__isnull=True).update(
        pick_list=made
    )
    audit.record(
        actor=actor,
        verb="orders.make_pick_list",
        target=made,
        at=at,
        after={"orders": [order.number for order in orders], "warehouse": warehouse.code},
    )
    return made


@atomic_retry()
def mark_packed(
    *, order_ids: Sequence[int], warehouse: Warehouse, actor: Account, at: datetime
) -> int:
    """The goods of these orders in one warehouse are packed; an order is packed when all its goods
    are. Again changes nothing. Returns how many became packed here.

    Locks: orders, packings. Raises: NothingToPack.
    """
    orders = _with_goods_here(order_ids, warehouse)
    _rows_of(orders, warehouse)
    waiting = Packing.objects.filter(order__in=orders, warehouse=warehouse, packed_at__isnull=True)
    number = waiting.update(packed_at=at, packed_by=actor)
    whole = _wholly_packed(orders)
    moved = Order.objects.filter(
        pk__in=[order.pk for order in whole], status__in=PACKABLE, stage=Stage.TO_PACK
    )
    ids = set(moved.values_list("pk", flat=True))
    moved.update(stage=Stage.PACKED)
    OrderHistory.objects.bulk_create(
        OrderHistory(
            order=order,
            from_status=order.status,
            to_status=order.status,
            code=PACKED,
            actor=actor,
            at=at,
        )
        for order in whole
        if order.pk in ids
    )
    if number:
        audit.record(
            actor=actor,
            verb="orders.mark_packed",
            target=warehouse,
            at=at,
            after={"orders": [order.number for order in orders]},
        )
    return number


def _with_goods_here(order_ids: Sequence[int], warehouse: Warehouse) -> list[Order]:
    """The orders, locked, that may be packed and hold goods in the warehouse. Raises:
    NothingToPack."""
    wanted = Order.objects.filter(
        pk__in=list(order_ids), status__in=PACKABLE, stage__in=[Stage.TO_PACK, Stage.PACKED]
    )
    locked = list(wanted.locked())
    here = _numbers_held_in(locked, warehouse)
    orders = [order for order in locked if order.number in here]
    if not orders:
        raise NothingToPack
    return orders


def _numbers_held_in(orders: Iterable[Order], warehouse: Warehouse) -> set[str]:
    held = Reservation.objects.filter(
        source_type=Reservation.Source.ORDER,
        source_id__in=[order.number for order in orders],
        item__warehouse=warehouse,
    ).open()
    return set(held.values_list("source_id", flat=True))


def _rows_of(orders: Iterable[Order], warehouse: Warehouse) -> None:
    """A packing of each order here; rows that are there already stay as they are."""
    Packing.objects.bulk_create(
        [Packing(order=order, warehouse=warehouse) for order in orders], ignore_conflicts=True
    )


def _wholly_packed(orders: Sequence[Order]) -> list[Order]:
    """Those of which no warehouse holds goods that are not packed. Queries: 2."""
    held = Reservation.objects.filter(
        source_type=Reservation.Source.ORDER, source_id__in=[order.number for order in orders]
    ).open()
    where = set(held.values_list("source_id", "item__warehouse_id"))
    packed = Packing.objects.filter(order__in=orders, packed_at__isnull=False)
    done = set(packed.values_list("order__number", "warehouse_id"))
    lacking = {number for number, _warehouse in where - done}
    return [order for order in orders if order.number not in lacking]


@transaction.atomic
def save_fulfilment_policy(
    *, changes: Mapping[str, Any], actor: Any, at: datetime
) -> FulfilmentPolicy:
    """Change how fast the house wants to be. Locks: the row."""
    FulfilmentPolicy.objects.get_or_create(pk=1)
    policy = FulfilmentPolicy.objects.filter(pk=1).locked().get()
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="orders.save_fulfilment_policy",
        target=policy,
        before=before,
        after=dict(changes),
        at=at,
    )
    return policy
