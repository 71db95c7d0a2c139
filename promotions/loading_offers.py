"""Activities as rules of the engine: only those that lines of the basket were put in for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from promotions import engine
from promotions.activities import ActivityRule, read_activity
from promotions.models import ActivityItem, Campaign

Arguments = dict[str, Any]


def offered_rules(
    lines: Sequence[engine.Line], at: datetime, until: datetime
) -> tuple[engine.Rule, ...]:
    """The activities that the lines name, live at some instant of ``[at, until)``.

    Queries: none without offers, else 2 (3 with a bargain).
    """
    offers = {line.offer for line in lines if line.offer is not None}
    if not offers:
        return ()
    skus = [line.sku_id for line in lines]
    campaigns = Campaign.objects.live_within(at, until).filter(
        kind__in=Campaign.ACTIVITIES, pk__in={offer.rule_id for offer in offers}
    )
    items = ActivityItem.objects.filter(campaign__in=campaigns, sku__in=skus)
    by_campaign: dict[int, list[ActivityItem]] = {}
    for item in items.select_related("campaign").order_by("campaign_id", "pk"):
        by_campaign.setdefault(item.campaign_id, []).append(item)
    return tuple(_rule(found[0].campaign, found, offers) for found in by_campaign.values())


def _rule(
    campaign: Campaign, items: Sequence[ActivityItem], offers: Iterable[engine.Offer]
) -> engine.Rule:
    activity = read_activity(campaign.kind, campaign.rule)
    return engine.RULE_KINDS[campaign.kind](
        **_common(campaign, activity), **PRICES[campaign.kind](items, offers)
    )


def _common(campaign: Campaign, activity: ActivityRule) -> Arguments:
    return {
        "rule_id": campaign.pk,
        "version": campaign.version,
        "priority": campaign.priority,
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "tier_codes": frozenset(campaign.tier_codes),
        "region_prefixes": frozenset(campaign.region_prefixes),
        "excludes": activity.excludes,
        "title_zh": campaign.title_zh,
        "title_en": campaign.title_en,
    }


def _fixed(items: Sequence[ActivityItem], offers: Iterable[engine.Offer]) -> Arguments:
    return {"prices": {item.sku_id: item.price_fen for item in items}}


def _with_deposit(items: Sequence[ActivityItem], offers: Iterable[engine.Offer]) -> Arguments:
    deposits = {
        item.sku_id: (item.deposit_fen, item.worth_fen)
        for item in items
        if item.deposit_fen is not None
    }
    return {**_fixed(items, offers), "deposits": deposits}


PRICES: Mapping[str, Callable[[Sequence[ActivityItem], Iterable[engine.Offer]], Arguments]] = {
    Campaign.Kind.FLASH: _fixed,
    Campaign.Kind.GROUP: _fixed,
    Campaign.Kind.PRESALE: _with_deposit,
}
