"""What a packer does not find where the books say that it lies. Source: O-17, O-26."""

from datetime import datetime

from django.db import transaction

from inventory.errors import OutOfStock, TooManyParcels
from inventory.models import Reservation, Warehouse
from inventory.services import reserve_elsewhere
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders.errors import IllegalMove, NotCarried, NothingToPack
from orders.models import Order, OrderTask, Packing
from orders.services.dropship.recalling import recall_sub_orders
from orders.services.dropship.writing import FORWARD
from orders.services.fulfilment.packing import PACKABLE
from orders.services.nudging import nudge
from orders.services.tasking import close_tasks, open_task

Kind, Stage = OrderTask.Kind, Order.Stage
FOUND = "found elsewhere"


def holding_houses(order: Order) -> list[Warehouse]:
    """Where the goods of an order lie by the books. Queries: 1."""
    held = Reservation.objects.of_source(Reservation.Source.ORDER, order.number).open()
    return list(Warehouse.objects.filter(pk__in=held.values("item__warehouse_id")))


@atomic_retry()
def report_missing(
    *, order_number: str, warehouse: Warehouse, actor: Account, at: datetime
) -> bool:
    """What an order holds in a warehouse is not there: another one sends it, or, where none has
    it, a task says that stock is short. Returns whether another one does.

    The pieces are free again here until somebody counts them. Locks: order, packings, sub-orders,
    reservations, stock. Raises: NotFound, IllegalMove, NotCarried, NothingToPack.
    """
    order = _locked(order_number)
    here = Reservation.objects.of_source(Reservation.Source.ORDER, order.number).open()
    pieces = sum(row.held for row in here.filter(item__warehouse=warehouse))
    if not pieces:
        raise NothingToPack
    cause = f"{order.number}/{warehouse.code}"
    moved = _moved(order, warehouse, actor, at)
    if moved:
        close_tasks(kind=Kind.STOCK_SHORT, reference=cause, at=at, outcome=FOUND)
        nudge(FORWARD)
    else:
        facts = {"warehouse": warehouse.code, "pieces": pieces}
        open_task(kind=Kind.STOCK_SHORT, reference=cause, order=order, facts=facts, at=at)
    audit.record(
        actor=actor,
        verb="orders.report_missing",
        target=order,
        at=at,
        after={"warehouse": warehouse.code, "pieces": pieces, "moved": moved},
    )
    return moved


def _locked(order_number: str) -> Order:
    """Raises: NotFound, IllegalMove, NotCarried."""
    order: Order | None = Order.objects.filter(number=order_number).locked().first()
    if order is None:
        raise NotFound
    if order.delivery == Order.Delivery.PICKUP:
        raise NotCarried
    if order.status not in PACKABLE or order.stage not in (Stage.TO_PACK, Stage.PACKED):
        raise IllegalMove(status=order.status)
    return order


def _moved(order: Order, warehouse: Warehouse, actor: Account, at: datetime) -> bool:
    """Whether another warehouse could take it over; nothing is changed where none can."""
    try:
        with transaction.atomic():
            Packing.objects.filter(
                order=order, warehouse=warehouse, packed_at__isnull=True
            ).delete()
            Order.objects.filter(pk=order.pk, stage=Stage.PACKED).update(stage=Stage.TO_PACK)
            recall_sub_orders(order, at=at, warehouse_ids=[warehouse.pk])
            reserve_elsewhere(
                order_number=order.number,
                warehouse_id=warehouse.pk,
                region_code=order.region_code,
                reference=f"missing/{warehouse.pk}",
                at=at,
                actor=actor,
            )
    except (OutOfStock, TooManyParcels):
        return False
    return True
