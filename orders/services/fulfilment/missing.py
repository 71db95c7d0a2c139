"""What a packer does not find where the books say that it lies. Source: O-17, O-26.

What was looked for in vain is sold to nobody: it is set aside with the defects, and a stocktake of
the shelf is asked for.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from inventory.errors import OutOfStock, TooManyParcels
from inventory.models import Reservation, StockMovement, Stocktake, StocktakeLine, Warehouse
from inventory.services import open_stocktake, reserve_elsewhere, set_defective
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders.errors import IllegalMove, NotCarried, NothingToPack
from orders.models import Order, OrderTask, Packing, Shipment
from orders.services.dropship.recalling import recall_sub_orders
from orders.services.dropship.writing import FORWARD
from orders.services.fulfilment.packing import PACKABLE
from orders.services.nudging import nudge
from orders.services.tasking import close_tasks, open_task

Kind, Stage, Moved = OrderTask.Kind, Order.Stage, StockMovement.Kind
FOUND = "found elsewhere"
MISSING = "missing"
"""How the release of goods that were not there begins, behind the order's number."""
FILLED = (Moved.COUNT, Moved.RECEIPT, Moved.TRANSFER_IN, Moved.SYNC)
"""After one of these a shelf is believed again."""


def holding_houses(order: Order) -> list[Warehouse]:
    """Where the goods of an order lie by the books. Queries: 1."""
    return list(Warehouse.objects.filter(pk__in=_held(order).values("item__warehouse_id")))


@atomic_retry()
def report_missing(
    *, order_number: str, warehouse: Warehouse, actor: Account, at: datetime
) -> bool:
    """What an order holds in a warehouse is not there: another one sends it, or, where none can,
    a task says that stock is short. Returns whether another one does.

    Warehouses where this order missed goods before are not asked again until their shelf was
    counted or filled. The pieces are not free here: they wait among the defects, and a stocktake is
    opened, but for a supplier's, who tells us its own. Locks: order, packings, sub-orders,
    reservations, stock. Raises: NotFound, IllegalMove, NotCarried, NothingToPack.
    """
    order = _locked(order_number)
    rows = list(_held(order).filter(item__warehouse=warehouse).order_by("pk"))
    if not rows:
        raise NothingToPack
    missed = Counter[int]()
    for row in rows:
        missed[row.item_id] += row.held
    pieces = missed.total()
    cause = f"{order.number}/{warehouse.code}"
    moved = _moved(order, warehouse, actor, at)
    if warehouse.kind != Warehouse.Kind.SUPPLIER:
        note = _("not there for order %(number)s") % {"number": order.number}
        if moved:
            _set_aside(missed, f"{order.number}/{rows[-1].attempt}", note, actor, at)
        _ask_for_count(warehouse, missed, note, actor, at)
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


def _held(order: Order) -> QuerySet[Reservation]:
    return Reservation.objects.of_source(Reservation.Source.ORDER, order.number).open()


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
            sent = Shipment.objects.filter(order=order, warehouse=warehouse)
            packed = Packing.objects.filter(order=order, warehouse=warehouse)
            packed.filter(Q(packed_at__isnull=True) | ~Exists(sent)).delete()
            Order.objects.filter(pk=order.pk, stage=Stage.PACKED).update(stage=Stage.TO_PACK)
            recall_sub_orders(order, at=at, warehouse_ids=[warehouse.pk])
            reserve_elsewhere(
                order_number=order.number,
                warehouse_id=warehouse.pk,
                region_code=order.region_code,
                reference=f"{MISSING}/{warehouse.pk}",
                excluded=_empty_houses(order),
                at=at,
                actor=actor,
            )
            _pack_again(order)
    except (OutOfStock, TooManyParcels):
        return False
    return True


def _empty_houses(order: Order) -> list[int]:
    """Where goods of this order were missing before, and nobody has counted or filled the shelf
    since. Queries: 1."""
    later = StockMovement.objects.filter(
        item=OuterRef("item"), pk__gt=OuterRef("pk"), kind__in=FILLED
    )
    counted = StocktakeLine.objects.filter(
        item=OuterRef("item"),
        counted__isnull=False,
        stocktake__status=Stocktake.Status.APPROVED,
        stocktake__decided_at__gte=OuterRef("at"),
    )
    held = Reservation.objects.of_source(Reservation.Source.ORDER, order.number)
    missed = StockMovement.objects.filter(
        Q(source_id__startswith=f"{order.number}/{MISSING}/")
        | Q(source_id__startswith=f"{order.number}#", source_id__contains=f"/{MISSING}/"),
        item__in=held.values("item"),
        kind=Moved.RELEASE,
        source_type=Reservation.Source.ORDER,
    )
    missed = missed.exclude(Exists(later)).exclude(Exists(counted))
    return sorted(set(missed.values_list("item__warehouse_id", flat=True)))


def _pack_again(order: Order) -> None:
    """Where goods came to that a warehouse did not have for this order before, its part is packed
    anew. Queries: 2."""
    came = list(_held(order).values_list("attempt", "item__warehouse_id"))
    newest = max(attempt for attempt, _house in came)
    houses = {house for attempt, house in came if attempt == newest}
    packed = Packing.objects.filter(
        order=order, warehouse__in=sorted(houses), packed_at__isnull=False
    )
    packed.update(packed_at=None, packed_by=None, pick_list=None)


def _set_aside(
    missed: Mapping[int, int], source_id: str, note: str, actor: Account, at: datetime
) -> None:
    """Take the pieces (stock row id -> pieces) out of what is sold, once a reservation."""
    for item_id, pieces in sorted(missed.items()):
        set_defective(
            item_id=item_id, pieces=pieces, reason=note, source_id=source_id, at=at, actor=actor
        )


def _ask_for_count(
    warehouse: Warehouse, item_ids: Collection[int], note: str, actor: Account, at: datetime
) -> None:
    """Open a list of the rows that no open list asks for already. Queries: 1, 4 for a new one."""
    waiting = StocktakeLine.objects.filter(
        item__in=list(item_ids),
        counted__isnull=True,
        stocktake__status=Stocktake.Status.COUNTING,
    )
    wanted = set(item_ids) - set(waiting.values_list("item_id", flat=True))
    if wanted:
        open_stocktake(
            warehouse_id=warehouse.pk, item_ids=sorted(wanted), note=note, actor=actor, at=at
        )
