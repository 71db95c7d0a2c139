"""A person looks at an unusual order: it passes and is packed, or is paid back whole.

Source: requirement O-16.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders.errors import IllegalMove
from orders.models import Order, OrderCheck, ReviewPolicy
from orders.services.cancelling import cancel_paid
from orders.services.dropship.writing import FORWARD
from orders.services.moving import note_history
from orders.services.nudging import nudge
from orders.states import CHECKED

Verdict = OrderCheck.Verdict


@atomic_retry()
def pass_check(*, check_id: int, actor: Account, at: datetime, note: str = "") -> Order:
    """Let the order be packed. Locks: order, check. Raises: NotFound, IllegalMove when somebody
    was faster or the order is over."""
    order, check = _locked(check_id)
    moved = Order.objects.filter(
        pk=order.pk, status=Order.Status.PAID, stage=Order.Stage.IN_REVIEW
    ).update(stage=Order.Stage.TO_PACK)
    if not moved or check.verdict:
        raise IllegalMove(status=order.status)
    order.stage = Order.Stage.TO_PACK
    _decide(check, Verdict.PASSED, note, actor, at)
    note_history(order, CHECKED, at=at, actor=actor, note=note)
    nudge(FORWARD)
    _leave_trail(order, check, actor, at)
    return order


@atomic_retry()
def reject_check(*, check_id: int, reason: str, actor: Account, at: datetime) -> Order:
    """Close the order and pay it back whole. Locks: order, check, then as `cancel_paid`. Raises:
    NotFound, IllegalMove."""
    order, check = _locked(check_id)
    if check.verdict or order.stage != Order.Stage.IN_REVIEW:
        raise IllegalMove(status=order.status)
    _decide(check, Verdict.REJECTED, reason, actor, at)
    cancel_paid(order_id=order.pk, note=reason, at=at, actor=actor)
    _leave_trail(order, check, actor, at)
    return Order.objects.get(pk=order.pk)


def _locked(check_id: int) -> tuple[Order, OrderCheck]:
    order = Order.objects.filter(checks=check_id).locked().first()
    if order is None:
        raise NotFound
    return order, OrderCheck.objects.filter(pk=check_id).locked().get()


def _decide(check: OrderCheck, verdict: str, note: str, actor: Account, at: datetime) -> None:
    check.verdict, check.note = verdict, note
    check.decided_at, check.decided_by = at, actor
    check.save(update_fields=["verdict", "note", "decided_at", "decided_by"])


def _leave_trail(order: Order, check: OrderCheck, actor: Account, at: datetime) -> None:
    audit.record(
        actor=actor,
        verb="orders.check",
        target=order,
        at=at,
        before={"stage": Order.Stage.IN_REVIEW.value, "reasons": check.reasons},
        after={"verdict": str(check.verdict)},
        reason=check.note,
    )


@transaction.atomic
def save_review_policy(*, changes: Mapping[str, Any], actor: Any, at: datetime) -> ReviewPolicy:
    """Change what counts as unusual, for orders paid from now on. Locks: the row."""
    ReviewPolicy.objects.get_or_create(pk=1)
    policy = ReviewPolicy.objects.filter(pk=1).locked().get()
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="orders.save_review_policy",
        target=policy,
        before=before,
        after=dict(changes),
        at=at,
    )
    return policy
