"""Where a paid order goes: to a person who looks at it, or straight to be packed.

Source: requirements O-16, O-21. `checking` has the verbs of those who decide; this module is apart
because the settling of money calls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from members.models import Member
from orders.models import FulfilmentPolicy, Order, OrderCheck
from orders.services.fulfilment.review_rules import ReviewReason, findings
from orders.services.moving import note_history
from orders.states import TO_CHECK

Stage = Order.Stage


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of one paid order."""

    stage: str
    is_priority: bool
    reasons: tuple[ReviewReason, ...] = ()


def fulfilment_policy() -> FulfilmentPolicy:
    """How fast the house wants to be; the usual figures where nobody set them. Queries: 1."""
    return FulfilmentPolicy.objects.filter(pk=1).first() or FulfilmentPolicy(pk=1)


def sort_paid(order: Order, at: datetime) -> Sorted:
    """Which stage a paid order enters, and whether it is packed before others. Writes nothing.

    Queries: 2, more for more rules.
    """
    reasons = tuple(findings(order, at))
    stage = Stage.IN_REVIEW if reasons else Stage.TO_PACK
    return Sorted(stage, _is_priority(order), reasons)


def _is_priority(order: Order) -> bool:
    if order.member_id is None:
        return False
    set_rank = FulfilmentPolicy.objects.filter(pk=1).values("priority_rank")
    floor = Coalesce(Subquery(set_rank), FulfilmentPolicy().priority_rank)
    return Member.objects.filter(pk=order.member_id, tier__rank__gte=floor).exists()


def open_check(order: Order, reasons: Sequence[ReviewReason], at: datetime) -> None:
    """Let an order with reasons wait for a person. Queries: 2, none without reasons."""
    if not reasons:
        return
    OrderCheck.objects.create(order=order, reasons=[r.as_json() for r in reasons], opened_at=at)
    note_history(order, TO_CHECK, at=at)


def release_to_floor(orders: Sequence[Order]) -> None:
    """Let orders that waited for something else be packed, or be looked at first. Queries: 1."""
    checked = OrderCheck.objects.filter(order=OuterRef("pk"), verdict="")
    stage = Case(When(Exists(checked), then=Value(Stage.IN_REVIEW)), default=Value(Stage.TO_PACK))
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(stage=stage)


def end_checks(order: Order, at: datetime) -> int:
    """Nobody needs to look at it any more: the order is over. Queries: 1."""
    waiting = OrderCheck.objects.filter(order=order, verdict="")
    return waiting.update(verdict=OrderCheck.Verdict.OVER, decided_at=at)
