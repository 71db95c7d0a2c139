"""Sending a coupon to a segment: batches of 500, each a transaction. Source: P-16, P-17.

A batch commits its copies, its messages and the cursor together, so a kill -9 anywhere repeats
nothing and loses nothing: the next run goes on behind the last member served. A share of the
segment may be held back, chosen by a hash, to compare with those who were served.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from mall.kernel.outbox import publish
from members.models import Segment, SegmentMember
from promotions.errors import CampaignNotReady, CouponSoldOut
from promotions.events import CouponDispatched
from promotions.metrics import is_held_back
from promotions.models import Coupon, CouponDispatch, CouponHoldout
from promotions.services.issuing import issue_coupons

BATCH = 500
RIVAL_TRIES = 3
SOURCE = "dispatch"
MOST_CONTROL_BP = 5_000
Status = CouponDispatch.Status


@transaction.atomic
def start_dispatch(
    *,
    coupon: Coupon,
    segment: Segment,
    scheduled_at: datetime,
    at: datetime,
    control_bp: int = 0,
    actor: Any = None,
) -> CouponDispatch:
    """Plan a sending from ``scheduled_at`` on; ``control_bp`` of the segment get none, on purpose.

    Raises: CampaignNotReady for a coupon not live, InvalidInput for more than half held back.
    """
    if not 0 <= control_bp <= MOST_CONTROL_BP:
        raise InvalidInput(field="control_bp", allowed=f"0..{MOST_CONTROL_BP}")
    if coupon.status != Coupon.Status.LIVE or scheduled_at >= coupon.ends_at:
        raise CampaignNotReady(title=coupon.title_zh, reason=coupon.get_status_display())
    dispatch = CouponDispatch.objects.create(
        coupon=coupon,
        segment=segment,
        scheduled_at=scheduled_at,
        control_bp=control_bp,
        created_by=actor,
    )
    audit.record(
        actor=actor,
        verb="promotions.start_dispatch",
        target=dispatch,
        after={
            "coupon": coupon.code,
            "segment": segment.code,
            "scheduled_at": scheduled_at,
            "control_bp": control_bp,
        },
        at=at,
    )
    return dispatch


@transaction.atomic
def stop_dispatch(*, dispatch_id: int, at: datetime, actor: Any = None) -> bool:
    """Serve nobody else; what was given stays. False when it had ended. Locks: the dispatch."""
    states = Status.SCHEDULED, Status.RUNNING
    open_ones = CouponDispatch.objects.filter(pk=dispatch_id, status__in=states)
    if not open_ones.update(status=Status.STOPPED, finished_at=at):
        return False
    dispatch = CouponDispatch.objects.get(pk=dispatch_id)
    audit.record(
        actor=actor,
        verb="promotions.stop_dispatch",
        target=dispatch,
        after={"issued": dispatch.issued, "cursor": dispatch.cursor},
        at=at,
    )
    return True


def run_dispatches(at: datetime) -> int:
    """Go on with every dispatch whose time has come; returns the copies given in this run."""
    due = CouponDispatch.objects.due(at).order_by("scheduled_at", "pk")
    return sum(_run(pk, at) for pk in list(due.values_list("pk", flat=True)))


def _run(dispatch_id: int, at: datetime) -> int:
    given, lost = 0, 0
    while True:
        try:
            batch = _serve_batch(dispatch_id, at)
        except CouponSoldOut:  # claims took the pieces we counted on; count again
            lost += 1
            if lost == RIVAL_TRIES:
                return given
            continue
        if batch is None:
            return given
        given += batch


@transaction.atomic
def _serve_batch(dispatch_id: int, at: datetime) -> int | None:
    """Serve the next 500 members; None when there is nothing (more) to do here.

    Locks: the dispatch (None when another worker holds it), then as issue_coupons().
    """
    dispatch = (
        CouponDispatch.objects.due(at)
        .filter(pk=dispatch_id)
        .select_related("coupon")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    if dispatch is None:
        return None
    can_give = _can_give(dispatch.coupon, at)
    members = _next_members(dispatch) if can_give else []
    if not members:
        _finish(dispatch, Status.DONE if can_give else Status.STOPPED, at)
        return None
    control = _hold_back(dispatch, members, at)
    served = [member_id for member_id in members if member_id not in control]
    issued = issue_coupons(
        coupon_id=dispatch.coupon_id,
        member_ids=served,
        source_type=SOURCE,
        source_id=str(dispatch.pk),
        at=at,
    )
    dispatch.status = Status.RUNNING
    dispatch.cursor = members[-1]
    dispatch.issued += issued
    dispatch.held += len(control)
    dispatch.skipped += len(served) - issued
    dispatch.save(update_fields=["status", "cursor", "issued", "skipped", "held"])
    return issued


def _hold_back(dispatch: CouponDispatch, members: Sequence[int], at: datetime) -> set[int]:
    """The control group among these members, written down. Queries: 0 or 1."""
    salt = f"coupon:{dispatch.coupon_id}"
    control = {
        member_id for member_id in members if is_held_back(salt, member_id, dispatch.control_bp)
    }
    if control:
        CouponHoldout.objects.bulk_create(
            [
                CouponHoldout(dispatch=dispatch, member_id=member_id, held_at=at)
                for member_id in sorted(control)
            ],
            ignore_conflicts=True,
        )
    return control


def _can_give(coupon: Coupon, at: datetime) -> bool:
    is_live = coupon.status == Coupon.Status.LIVE and at < coupon.ends_at
    is_live = is_live and not coupon.budget_is_spent
    return is_live and coupon.issued < coupon.total


def _next_members(dispatch: CouponDispatch) -> list[int]:
    members = SegmentMember.objects.filter(
        segment=dispatch.segment_id,
        member_id__gt=dispatch.cursor,
        member__account__is_active=True,
    )
    return list(members.order_by("member_id").values_list("member_id", flat=True)[:BATCH])


def _finish(dispatch: CouponDispatch, status: Status, at: datetime) -> None:
    dispatch.status, dispatch.finished_at = status, at
    dispatch.save(update_fields=["status", "finished_at"])
    publish(
        CouponDispatched(
            dispatch_id=dispatch.pk, issued=dispatch.issued, skipped=dispatch.skipped, at=at
        )
    )
