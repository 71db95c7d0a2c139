"""Bargains, as their owners, their friends and orders need to know them."""

from django.db.models import Prefetch, QuerySet

from mall.kernel.errors import NotFound
from promotions import engine
from promotions.models import BargainHelp, BargainStart, Campaign


def offer_of_start(number: str, member_id: int | None = None) -> engine.Offer:
    """The offer that a bargain is, whatever its state; for its owner only where one is named.

    It has a price for its owner alone. Queries: 1. Raises: NotFound.
    """
    starts = BargainStart.objects.filter(number=number)
    if member_id is not None:
        starts = starts.filter(member=member_id)
    campaign_id = starts.values_list("item__campaign_id", flat=True).first()
    if campaign_id is None:
        raise NotFound
    return engine.Offer(Campaign.Kind.BARGAIN.value, campaign_id, number)


def bargains_of(member_id: int) -> QuerySet[BargainStart]:
    """A member's own bargains, the newest first. Queries: 1."""
    mine = BargainStart.objects.filter(member=member_id)
    return mine.select_related("item__campaign", "item__sku").order_by("-pk")


def bargain_by_number(number: str) -> BargainStart:
    """A bargain with its goods and the helps so far. Who knows the number may see it. Queries: 2.

    Raises: NotFound.
    """
    helps = BargainHelp.objects.select_related("helper").order_by("-position")
    start: BargainStart | None = (
        BargainStart.objects.select_related("item__campaign", "item__sku", "member")
        .prefetch_related(Prefetch("cuts", helps))
        .filter(number=number)
        .first()
    )
    if start is None:
        raise NotFound
    return start
