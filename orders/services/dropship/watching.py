"""Partners that are silent or late: a task for somebody, a fact for the scorecard.

Source: O-28, I-26, I-28.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from inventory.services import record_shipping
from orders.models import OrderTask, SubOrder
from orders.services.dropship.alarming import FAILED, dropship_policy, raise_alarm
from orders.services.dropship.answering import note_missed_answers

State = SubOrder.State


def watch_sub_orders(at: datetime, limit: int = 200) -> int:
    """Make tasks of sub-orders that nobody accepts, note those whose hours are over and the
    after-sales that their suppliers do not answer; returns how many were new. Safe to repeat."""
    return _watch_silent(at, limit) + _watch_late(at, limit) + note_missed_answers(at, limit)


def _watch_silent(at: datetime, limit: int) -> int:
    since = at - timedelta(hours=dropship_policy().answer_hours)
    known = OrderTask.objects.open().filter(kind=FAILED, reference=OuterRef("number"))
    silent = SubOrder.objects.filter(
        state__in=(State.PENDING, State.SENT), created_at__lte=since
    ).exclude(Exists(known))
    rows = silent.select_related("order", "warehouse").order_by("created_at", "pk")
    return sum(raise_alarm(sub, reason="not_accepted", at=at) for sub in rows[:limit])


def _watch_late(at: datetime, limit: int) -> int:
    late = SubOrder.objects.live().filter(due_at__lt=at, is_late=False)
    return sum(_note_late(pk, at) for pk in late.order_by("due_at").values_list("pk")[:limit])


@transaction.atomic
def _note_late(key: tuple[int], at: datetime) -> bool:
    """The agreed hours are over and nothing has left. Locks: the sub-order."""
    late = SubOrder.objects.live().filter(pk=key[0], is_late=False)
    sub = late.select_related("warehouse").locked().first()
    if sub is None or sub.warehouse.supplier_id is None:
        return False
    sub.is_late = True
    sub.save(update_fields=["is_late"])
    return record_shipping(
        supplier_id=sub.warehouse.supplier_id,
        reference=sub.number,
        ordered_at=sub.created_at,
        shipped_at=None,
        at=at,
    )
