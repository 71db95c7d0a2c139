"""Bargains, as their owners, their friends and orders need to know them."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from mall.kernel.errors import NotFound
from promotions import engine
from promotions.models import ActivityItem, BargainHelp, BargainStart, Campaign


def offer_of_start(number: str, member_id: int) -> engine.Offer:
    """The offer that a member's own bargain is, whatever its state. Queries: 1.

    Raises: NotFound, also for somebody else's.
    """
    start = (
        BargainStart.objects.filter(number=number, member=member_id)
        .values_list("item__campaign_id", flat=True)
        .first()
    )
    if start is None:
        raise NotFound
    return engine.Offer(Campaign.Kind.BARGAIN.value, start, number)


def bargain_goods(at: datetime) -> QuerySet[ActivityItem]:
    """Goods that can be bargained over at ``at``, those that end first in front. Queries: 1."""
    running = Campaign.objects.active_at(at).filter(kind=Campaign.Kind.BARGAIN)
    goods = ActivityItem.objects.filter(campaign__in=running, floor_fen__isnull=False).with_left(1)
    return goods.select_related("campaign").order_by("campaign__ends_at", "campaign_id", "pk")


def bargains_of(member_id: int) -> QuerySet[BargainStart]:
    """A member's own bargains, the newest first. Queries: 1."""
    mine = BargainStart.objects.filter(member=member_id)
    return mine.select_related("item__campaign").order_by("-pk")


def bargain_by_number(number: str) -> BargainStart:
    """A bargain with its goods and the helps so far. Who knows the number may see it. Queries: 2.

    Raises: NotFound.
    """
    helps = BargainHelp.objects.select_related("helper").order_by("-position")
    start: BargainStart | None = (
        BargainStart.objects.select_related("item__campaign", "member")
        .prefetch_related(Prefetch("cuts", helps))
        .filter(number=number)
        .first()
    )
    if start is None:
        raise NotFound
    return start
