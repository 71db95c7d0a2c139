"""Activities as orders need to know them."""

from mall.kernel.errors import NotFound
from promotions.activities import ActivityRule, read_activity
from promotions.models import Campaign


def activity_of(campaign_id: int) -> ActivityRule:
    """The terms of an activity: how long to pay, deposit, team. Queries: 1. Raises: NotFound."""
    campaign = Campaign.objects.filter(pk=campaign_id, kind__in=Campaign.ACTIVITIES).first()
    if campaign is None:
        raise NotFound
    return read_activity(campaign.kind, campaign.rule)
