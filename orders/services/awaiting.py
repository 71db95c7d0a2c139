"""Goods that presales wait for: held for who paid as soon as they are there. Source: O-32, I-38.

Placing holds nothing for a presale. What comes in is free for everybody until this holds it, so a
receipt wakes the timer; the timer finds by itself what a lost event would have told, and orders
that were paid when their goods lay there already.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from inventory.errors import OutOfStock, TooManyParcels
from inventory.models import Reservation
from inventory.selectors import available_pieces
from mall.kernel.db import atomic_retry
from orders.models import Order, OrderLine
from orders.models.order import OrderQuerySet
from orders.services.goods import hold_arrived, pieces_of
from orders.services.nudging import nudge
from promotions.models import Campaign

HOLD = "orders.hold_awaited"
AT_ONCE = 500


def goods_arrived() -> bool:
    """Wake the timer where somebody waits for goods. Queries: 1."""
    if not awaiting_goods().exists():
        return False
    nudge(HOLD)
    return True


def awaiting_goods() -> OrderQuerySet:
    """Presale orders that are paid whole and hold nothing."""
    held = Reservation.objects.of_source(Reservation.Source.ORDER, OuterRef("number")).open()
    paid = Order.objects.filter(offer_kind=Campaign.Kind.PRESALE, status=Order.Status.PAID)
    return paid.exclude(Exists(held))


def hold_awaited(at: datetime, limit: int = 1000) -> int:
    """Hold what is there for the orders that wait for it, who paid first comes first; returns how
    many were served.

    An order gets all its goods or none: where what is left is too little for one, or lies in too
    many places for it, the next takes it before the shop sells it. Each is a transaction of its
    own; call it outside them. Queries: 1 when nobody waits, 2 when nothing has come, 3 when no
    order's goods are all there; else 1 more for 500 orders, and those of each that is served.
    """
    free, lacking = _come()
    served = 0
    for order_id, wanted in _waiting(free, lacking):
        if all(free[pk] >= pieces for pk, pieces in wanted.items()) and _serve(order_id, at):
            free.subtract(wanted)
            served += 1
            if served == limit or not any(pieces > 0 for pieces in free.values()):
                break
    return served


@atomic_retry()
def _hold(order_id: int, at: datetime) -> bool:
    """Locks: order, stock. Raises: OutOfStock, TooManyParcels."""
    order = Order.objects.filter(pk=order_id, status=Order.Status.PAID).locked().first()
    return order is not None and hold_arrived(order, order.lines.all(), at=at)


def _serve(order_id: int, at: datetime) -> bool:
    """Somebody else may have been faster, or its pieces lie in too many places: it waits on."""
    try:
        return _hold(order_id, at)
    except (OutOfStock, TooManyParcels):
        return False


def _come() -> tuple[Counter[int], set[int]]:
    """Free pieces of what is waited for, by SKU; and of which lines' SKUs nothing has come.
    Queries: 1, 2 when somebody waits."""
    lines = OrderLine.objects.filter(order__in=awaiting_goods(), sku__isnull=False)
    kinds = list(lines.order_by().distinct("sku_id", "parts").only("sku_id", "parts"))
    if not kinds:
        return Counter(), set()
    free = Counter(available_pieces({pk for line in kinds for pk in pieces_of(line, 1)}))
    here = {line.sku_id for line in kinds if all(free[pk] > 0 for pk in pieces_of(line, 1))}
    return free, {line.sku_id for line in kinds if line.sku_id is not None} - here


def _waiting(free: Counter[int], lacking: set[int]) -> Iterator[tuple[int, Counter[int]]]:
    """Orders of which all goods have come, and the pieces that each wants, by SKU; first paid
    first. Queries: 1, and 1 for 500 orders; none when nothing is free."""
    if not any(pieces > 0 for pieces in free.values()):
        return
    stuck = OrderLine.objects.filter(
        order=OuterRef("pk"), sku__in=lacking, quantity__gt=F("withdrawn")
    )
    waiting = awaiting_goods().exclude(Exists(stuck)).order_by("paid_at", "pk")
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        wanted: dict[int, Counter[int]] = {order_id: Counter() for order_id in some}
        for line in OrderLine.objects.filter(order__in=some):
            wanted[line.order_id].update(pieces_of(line, line.quantity - line.withdrawn))
        yield from ((order_id, pieces) for order_id, pieces in wanted.items() if pieces)
