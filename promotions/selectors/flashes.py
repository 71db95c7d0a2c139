"""Flash sales as shoppers, doors and stock see them. Source: P-19, P-20, P-22."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from promotions.models import Campaign, FlashReminder
from promotions.selectors.activities import ActivityOffer, activities_of_kind


@dataclass(frozen=True, slots=True)
class FlashSession:
    """A flash sale that is on or comes; ``is_reminded`` when the reader asked to hear of it."""

    offer: ActivityOffer
    is_reminded: bool


def flash_sessions(member_id: int | None, at: datetime) -> list[FlashSession]:
    """Flash sales that are on, then those that begin within a week, in the order of their starts.

    Queries: 2, 1 more for a member.
    """
    offers = activities_of_kind(Campaign.Kind.FLASH, at)
    offers.sort(key=lambda offer: (not offer.is_on(at), offer.campaign.starts_at))
    asked = set() if member_id is None else _asked(member_id, offers)
    return [FlashSession(offer, offer.campaign.pk in asked) for offer in offers]


def dead_activities(campaign_ids: Iterable[int], at: datetime) -> list[int]:
    """Those that are over, were taken back to be drafts, or do not exist. Queries: 1."""
    ids = list(campaign_ids)
    alive = set(Campaign.objects.keeping_stock(at).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk not in alive]


def _asked(member_id: int, offers: Iterable[ActivityOffer]) -> set[int]:
    ids = [offer.campaign.pk for offer in offers]
    mine = FlashReminder.objects.filter(member=member_id, campaign__in=ids)
    return set(mine.values_list("campaign_id", flat=True))
