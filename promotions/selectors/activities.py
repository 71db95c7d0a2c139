"""Activities as orders need to know them."""

from mall.kernel.errors import NotFound
from promotions import engine
from promotions.activities import ActivityRule, read_activity
from promotions.models import Campaign


def offer_named(*, kind: str, identity: str, team: str = "") -> engine.Offer:
    """The offer that a shopper's client names: an activity by its id, and the team to join.

    Raises: NotFound for what names nothing.
    """
    if kind not in Campaign.ACTIVITIES or not (identity.isascii() and identity.isdecimal()):
        raise NotFound
    return engine.Offer(kind, int(identity), team if kind == Campaign.Kind.GROUP else "")


def activity_of(campaign_id: int) -> ActivityRule:
    """The terms of an activity: how long to pay, deposit, team. Queries: 1. Raises: NotFound."""
    campaign = Campaign.objects.filter(pk=campaign_id, kind__in=Campaign.ACTIVITIES).first()
    if campaign is None:
        raise NotFound
    return read_activity(campaign.kind, campaign.rule)
