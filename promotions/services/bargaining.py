"""Bargains: a member starts, each friend cuts once, the cuts add up to start - floor exactly.

The cuts are drawn by the server; who helps is the signed-in member, so a forged WeChat identity
helps nobody. Source: P-34, INV-25. Locks: the start, one row a bargain.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel.errors import NotFound
from mall.kernel.notify import notify
from promotions.activities import BargainRule, read_activity
from promotions.chance import draw_cut
from promotions.errors import (
    AlreadyHelped,
    BargainOver,
    FloorReached,
    OfferLimitReached,
    OfferOver,
    OfferSoldOut,
    OwnBargain,
)
from promotions.messages import BARGAIN_CUT
from promotions.models import (
    ActivityItem,
    BargainHelp,
    BargainStart,
    Campaign,
    Deed,
    MemberTake,
    OfferHold,
)
from promotions.services.guarding import Attempt, Footprint, guard_deed

NUMBER_BYTES = 10
NO_FOOTPRINT = Footprint()

State = BargainStart.State


@transaction.atomic
def start_bargain(*, campaign_id: int, sku_id: int, member_id: int, at: datetime) -> BargainStart:
    """Begin to bargain; who bargains over the SKU already gets the bargain they have.

    Locks: the member's standing bargain over the SKU. Queries: 5. Raises: NotFound, OfferOver,
    OfferSoldOut, OfferLimitReached.
    """
    item = (
        ActivityItem.objects.select_related("campaign")
        .filter(campaign_id=campaign_id, sku_id=sku_id, campaign__kind=Campaign.Kind.BARGAIN)
        .first()
    )
    if item is None or item.floor_fen is None:
        raise NotFound
    mine = BargainStart.objects.standing().filter(item=item, member=member_id).locked().first()
    if mine is not None and _stands(mine, at):
        return mine
    _check_startable(item, member_id, at)
    rule = read_activity(item.campaign.kind, item.campaign.rule)
    assert isinstance(rule, BargainRule), "its campaign is a bargain"
    fresh = BargainStart(
        number=secrets.token_hex(NUMBER_BYTES),
        item=item,
        member_id=member_id,
        start_fen=item.price_fen,
        floor_fen=item.floor_fen,
        most_helps=min(rule.helps, item.price_fen - item.floor_fen),
        started_at=at,
        ends_at=min(at + timedelta(hours=rule.hours), item.campaign.ends_at),
    )
    BargainStart.objects.bulk_create([fresh], ignore_conflicts=True)
    return BargainStart.objects.standing().get(item=item, member=member_id)


@transaction.atomic
def help_bargain(
    *,
    number: str,
    helper_id: int,
    at: datetime,
    footprint: Footprint = NO_FOOTPRINT,
    below: Callable[[int], int] = secrets.randbelow,
) -> BargainHelp:
    """Cut a friend's price once, by chance; the last help cuts it to its floor.

    Locks: the bargain, and the origins of the help (P-65). Queries: 9, and 2 a limit of deeds.
    Raises: NotFound, OwnBargain, OfferOver, BargainOver, AlreadyHelped, FloorReached, DeedRefused.
    """
    start = BargainStart.objects.filter(number=number).locked().first()
    if start is None:
        raise NotFound
    _check_helpable(start, helper_id, at)
    guard_deed(help_attempt(number, helper_id, at, footprint))
    cut_fen = draw_cut(
        to_floor_fen=start.price_fen - start.floor_fen,
        helps=start.helps,
        most_helps=start.most_helps,
        below=below,
    )
    start.cut_fen += cut_fen
    start.helps += 1
    start.save(update_fields=["cut_fen", "helps"])
    if start.is_cut:
        _tell_owner(start, at)
    return BargainHelp.objects.create(
        start=start, helper_id=helper_id, position=start.helps, cut_fen=cut_fen, at=at
    )


def help_attempt(number: str, helper_id: int, at: datetime, footprint: Footprint) -> Attempt:
    """A help as the limits of deeds see it; doors wrap the verb in `noting_refusals` with it."""
    return Attempt(
        deed=Deed.BARGAIN,
        subject=f"bargain:{number}",
        member_id=helper_id,
        at=at,
        footprint=footprint,
    )


def order_bargain(hold: OfferHold, at: datetime) -> None:
    """The order takes the bargain as it is cut: one piece, the owner's own, in time.

    Queries: 2. Raises: NotFound for somebody else's, BargainOver, OfferLimitReached.
    """
    mine = BargainStart.objects.filter(
        number=hold.reference, item=hold.item_id, member=hold.member_id
    )
    if hold.pieces > 1:
        raise OfferLimitReached(allowed=1)
    if not mine.cutting_at(at).update(state=State.ORDERED):
        raise BargainOver if mine.exists() else NotFound


def buy_bargain(hold: OfferHold) -> None:
    """The order is paid. Queries: 1."""
    BargainStart.objects.filter(number=hold.reference).update(state=State.BOUGHT)


def reopen_bargain(hold: OfferHold) -> None:
    """The order is closed: an unpaid bargain goes on while there is time, a bought one is over.

    Queries: 2.
    """
    start = BargainStart.objects.filter(number=hold.reference)
    if not start.filter(state=State.ORDERED).update(state=State.CUTTING):
        start.filter(state=State.BOUGHT).update(state=State.OVER)


def _stands(mine: BargainStart, at: datetime) -> bool:
    """True for one that goes on; one whose time is over makes room for the next."""
    if mine.state == State.ORDERED or mine.is_on(at):
        return True
    mine.state = State.OVER
    mine.save(update_fields=["state"])
    return False


def _check_startable(item: ActivityItem, member_id: int, at: datetime) -> None:
    """Raises: OfferOver, OfferSoldOut, OfferLimitReached."""
    _check_on(item.campaign, at)
    if not item.left:
        raise OfferSoldOut(left=0)
    full = MemberTake.objects.filter(item=item, member=member_id, pieces__gte=item.per_member)
    if full.exists():
        raise OfferLimitReached(allowed=item.per_member)


def _check_helpable(start: BargainStart, helper_id: int, at: datetime) -> None:
    """Raises: OwnBargain, OfferOver, AlreadyHelped, FloorReached, BargainOver."""
    if start.member_id == helper_id:
        raise OwnBargain
    if start.cuts.filter(helper=helper_id).exists():
        raise AlreadyHelped
    if start.is_cut:
        raise FloorReached
    if not start.is_on(at):
        raise BargainOver
    _check_on(Campaign.objects.get(items=start.item_id), at)


def _check_on(campaign: Campaign, at: datetime) -> None:
    live = campaign.status == Campaign.Status.LIVE
    if not (live and campaign.starts_at <= at < campaign.ends_at):
        raise OfferOver


def _tell_owner(start: BargainStart, at: datetime) -> None:
    notify(
        [start.member.account_id],
        BARGAIN_CUT.code,
        {"price_fen": start.price_fen},
        at=at,
        route=("storefront:bargain", (start.number,)),
        source=f"bargain:{start.number}",
    )
