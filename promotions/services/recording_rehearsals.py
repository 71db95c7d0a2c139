"""A rehearsal's own record: asked for, taken up by a worker, its progress, its sums and findings.

The replay itself is analytics' work (`analytics.services.rehearsing`); publishing reads the record.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.outbox import publish
from promotions.events import RehearsalAsked
from promotions.models import Campaign, CampaignFinding, Rehearsal, RehearsedCampaign
from promotions.services.finding import Finding, record_findings

State = Rehearsal.State
LOST_AFTER = timedelta(minutes=5)
MOST_CAMPAIGNS = 20


@dataclass(frozen=True, slots=True)
class Window:
    """The past orders to replay: placed in ``[since, until)``."""

    since: datetime
    until: datetime


@transaction.atomic
def open_rehearsal(
    *, campaign_ids: Collection[int], window: Window, at: datetime, actor: Any = None
) -> Rehearsal:
    """Ask for a rehearsal of these campaigns together, each at its version of now.

    Locks: the campaigns. Raises: NotFound, InvalidInput for no campaign, too many or an empty
    window. Emits: RehearsalAsked.
    """
    if not 0 < len(set(campaign_ids)) <= MOST_CAMPAIGNS:
        raise InvalidInput(field="campaign_ids", allowed=f"1-{MOST_CAMPAIGNS}")
    if window.until <= window.since:
        raise InvalidInput(field="until", allowed=f"> {window.since}")
    campaigns = list(Campaign.objects.filter(pk__in=campaign_ids).locked())
    if len(campaigns) != len(set(campaign_ids)):
        raise NotFound
    rehearsal = Rehearsal.objects.create(
        since=window.since, until=window.until, made_by=actor, asked_at=at
    )
    RehearsedCampaign.objects.bulk_create(
        [
            RehearsedCampaign(rehearsal=rehearsal, campaign=campaign, version=campaign.version)
            for campaign in campaigns
        ]
    )
    for campaign in campaigns:
        audit.record(
            actor=actor,
            verb="promotions.open_rehearsal",
            target=campaign,
            after={"rehearsal": rehearsal.pk, "version": campaign.version},
            at=at,
        )
    publish(RehearsalAsked(rehearsal_id=rehearsal.pk, at=at))
    return rehearsal


@transaction.atomic
def take_rehearsal(*, at: datetime) -> Rehearsal | None:
    """The oldest rehearsal that waits, or that a dead worker left, now this worker's own.

    Locks: the rehearsal, skipping those another worker is taking.
    """
    left = Q(state=State.RUNNING, seen_at__lte=at - LOST_AFTER)
    rehearsal = (
        Rehearsal.objects.filter(Q(state=State.WAITING) | left)
        .order_by("asked_at", "pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    if rehearsal is None:
        return None
    rehearsal.state, rehearsal.orders_done, rehearsal.seen_at = State.RUNNING, 0, at
    rehearsal.save(update_fields=["state", "orders_done", "seen_at"])
    return rehearsal


def note_progress(*, rehearsal_id: int, done: int, total: int, at: datetime) -> None:
    """Say how far the replay is, for the bar on the operator's screen. Queries: 1."""
    running = Rehearsal.objects.filter(pk=rehearsal_id, state=State.RUNNING)
    running.update(orders_done=done, orders_total=total, seen_at=at)


@transaction.atomic
def record_rehearsal(
    *,
    rehearsal_id: int,
    figures: Mapping[str, Any],
    findings: Mapping[int, Sequence[Finding]],
    at: datetime,
) -> Rehearsal:
    """Write the sums of a finished replay, and the findings of each campaign at the tried version.

    A second call changes nothing. Locks: the rehearsal. Raises: NotFound.
    """
    rehearsal = _locked(rehearsal_id)
    if rehearsal.state == State.DONE:
        return rehearsal
    rehearsal.state, rehearsal.finished_at, rehearsal.seen_at = State.DONE, at, at
    rehearsal.figures, rehearsal.failure = dict(figures), ""
    rehearsal.orders_done = rehearsal.orders_total
    rehearsal.save()
    for tried in rehearsal.campaigns.order_by("campaign_id"):
        record_findings(
            campaign_id=tried.campaign_id,
            version=tried.version,
            kind=CampaignFinding.Kind.REHEARSAL,
            findings=findings.get(tried.campaign_id, ()),
            rehearsal=rehearsal,
            at=at,
        )
    return rehearsal


@transaction.atomic
def fail_rehearsal(*, rehearsal_id: int, failure: str, at: datetime) -> Rehearsal:
    """Say why a replay could not be held. Locks: the rehearsal. Raises: NotFound."""
    rehearsal = _locked(rehearsal_id)
    if rehearsal.state != State.DONE:
        rehearsal.state, rehearsal.failure, rehearsal.finished_at = State.FAILED, failure[:200], at
        rehearsal.save(update_fields=["state", "failure", "finished_at"])
    return rehearsal


def _locked(rehearsal_id: int) -> Rehearsal:
    rehearsal = Rehearsal.objects.filter(pk=rehearsal_id).locked().first()
    if rehearsal is None:
        raise NotFound
    return rehearsal
