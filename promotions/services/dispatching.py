"""Sending a coupon to a segment: batches of 500, each a transaction. Source: requirement P-16.

A batch commits its copies, its messages and the cursor together, so a kill -9 anywhere repeats
nothing and loses nothing: the next run goes on behind the last member served.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.outbox import publish
from members.models import Segment, SegmentMember
from promotions.errors import CampaignNotReady, CouponSoldOut
from promotions.events import CouponDispatched
from promotions.models import Coupon, CouponDispatch
from promotions.services.issuing import issue_coupons

BATCH = 500
RIVAL_TRIES = 3
SOURCE = "dispatch"
Status = CouponDispatch.Status


@transaction.atomic
def start_dispatch(
    *, coupon: Coupon, segment: Segment, scheduled_at: datetime, at: datetime, actor: Any = None
) -> CouponDispatch:
    """Plan a sending from ``scheduled_at`` on. Raises: CampaignNotReady for a coupon not live."""
    if coupon.status != Coupon.Status.LIVE or scheduled_at >= coupon.ends_at:
        raise CampaignNotReady(title=coupon.title_zh, reason=coupon.get_status_display())
    dispatch = CouponDispatch.objects.create(
        coupon=coupon, segment=segment, scheduled_at=scheduled_at, created_by=actor
    )
    audit.record(
        actor=actor,
        verb="promotions.start_dispatch",
        target=dispatch,
        after={"coupon": coupon.code, "segment": segment.code, "scheduled_at": scheduled_at},
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
    issued = issue_coupons(
        coupon_id=dispatch.coupon_id,
        member_ids=members,
        source_type=SOURCE,
        source_id=str(dispatch.pk),
        at=at,
    )
    dispatch.status = Status.RUNNING
    dispatch.cursor = members[-1]
    dispatch.issued += issued
    dispatch.skipped += len(members) - issued
    dispatch.save(update_fields=["status", "cursor", "issued", "skipped"])
    return issued


def _can_give(coupon: Coupon, at: datetime) -> bool:
    is_live = coupon.status == Coupon.Status.LIVE and at < coupon.ends_at
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
