"""Flash sales as shoppers, doors and stock see them. Source: P-19, P-20, P-22."""

from collections.abc import Iterable
from datetime import datetime

from promotions.models import Campaign


def dead_activities(campaign_ids: Iterable[int], at: datetime) -> list[int]:
    """Those that are over, were taken back to be drafts, or do not exist. Queries: 1."""
    ids = list(campaign_ids)
    alive = set(Campaign.objects.keeping_stock(at).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk not in alive]
