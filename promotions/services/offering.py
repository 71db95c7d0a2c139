"""The pieces of an activity through an order: held when placed, confirmed when paid, freed when
closed, each once. Source: P-19, INV-18; design.md, section 6.

Locks: the member's count, the hold, what the kind locks, and the quota's hot row last.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F

from promotions.errors import OfferLimitReached, OfferOver, OfferSoldOut
from promotions.models import ActivityItem, Campaign, MemberTake, OfferHold
from promotions.services.activities import KINDS

State = OfferHold.State


@dataclass(frozen=True, slots=True)
class OfferLine:
    """The goods of an order that were put in for an activity.

    ``reference`` is what tells two orders of one activity apart: a team, a bargain, or "".
    """

    campaign_id: int
    sku_id: int
    pieces: int
    reference: str = ""


@transaction.atomic
def hold_offer(
    *, order_number: str, member_id: int, line: OfferLine, at: datetime, attempt: int = 1
) -> str:
    """Take the pieces out of the quota for an order: within the member's limit, or not at all.

    Returns the order's reference, which a kind may have given it: an opened team's number.
    ``attempt`` is 2 when late money revives a closed order. Queries: 6 and what the kind asks.
    Raises: OfferOver, OfferLimitReached, OfferSoldOut, and the kind's refusals.
    """
    item = (
        ActivityItem.objects.select_related("campaign")
        .filter(campaign_id=line.campaign_id, sku_id=line.sku_id)
        .first()
    )
    if item is None or not _is_on(item.campaign, at):
        raise OfferOver
    _count_for(member_id, item, line.pieces)
    hold = OfferHold.objects.create(
        order_number=order_number,
        attempt=attempt,
        item=item,
        member_id=member_id,
        reference=line.reference,
        pieces=line.pieces,
        held_at=at,
        changed_at=at,
    )
    KINDS[item.campaign.kind].hold(hold, at)
    _take_from_quota(item, line.pieces)
    return hold.reference


@transaction.atomic
def confirm_offer(*, order_number: str, at: datetime) -> str:
    """The order is paid: its pieces are its own. Returns the stage the order waits in, or "".

    Once: a second call changes nothing and returns "". Locks: the hold. Queries: 2 and the kind's.
    """
    hold = _locked(order_number, State.HELD)
    if hold is None:
        return ""
    _turn(hold, State.CONFIRMED, at)
    return KINDS[hold.item.campaign.kind].confirm(hold, at)


@transaction.atomic
def free_offer(*, order_number: str, at: datetime) -> bool:
    """The order is closed: its pieces go back to the quota and to the member's limit, once.

    Locks: the hold, then as `hold_offer`. Queries: 4 and the kind's; 1 when nothing is held.
    """
    hold = _locked(order_number, State.HELD, State.CONFIRMED)
    if hold is None:
        return False
    _turn(hold, State.FREED, at)
    mine = MemberTake.objects.filter(item=hold.item_id, member=hold.member_id)
    mine.update(pieces=F("pieces") - hold.pieces)
    KINDS[hold.item.campaign.kind].free(hold, at)
    ActivityItem.objects.filter(pk=hold.item_id).update(taken=F("taken") - hold.pieces)
    return True


def _is_on(campaign: Campaign, at: datetime) -> bool:
    live = campaign.status == Campaign.Status.LIVE
    return live and campaign.starts_at <= at < campaign.ends_at


def _count_for(member_id: int, item: ActivityItem, pieces: int) -> None:
    """Count the pieces on the member's own row. Queries: 2."""
    most = item.per_member
    row = MemberTake(item=item, member_id=member_id, most=most)
    MemberTake.objects.bulk_create([row], ignore_conflicts=True)
    mine = MemberTake.objects.filter(item=item, member_id=member_id, pieces__lte=most - pieces)
    if pieces > most or not mine.update(pieces=F("pieces") + pieces, most=most):
        raise OfferLimitReached(allowed=most)


def _take_from_quota(item: ActivityItem, pieces: int) -> None:
    """Count the pieces on the hot row, in one statement that judges the row as it is then.

    The campaign is asked in a subquery, never joined: a join would move the condition on ``taken``
    into the subquery too, where a statement that waited still sees the row as it was. Queries: 1.
    """
    live = Campaign.objects.filter(pk=item.campaign_id, status=Campaign.Status.LIVE)
    row = ActivityItem.objects.with_left(pieces).filter(Exists(live), pk=item.pk)
    if row.update(taken=F("taken") + pieces):
        return
    left = ActivityItem.objects.get(pk=item.pk).left
    if left >= pieces:
        raise OfferOver
    raise OfferSoldOut(left=left)


def _locked(order_number: str, *states: str) -> OfferHold | None:
    """The order's hold in one of ``states``, locked. Queries: 1."""
    found = OfferHold.objects.select_related("item__campaign").filter(
        order_number=order_number, state__in=states
    )
    return found.locked().first()


def _turn(hold: OfferHold, state: str, at: datetime) -> None:
    hold.state, hold.changed_at = state, at
    hold.save(update_fields=["state", "changed_at"])
