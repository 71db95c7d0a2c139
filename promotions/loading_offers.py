"""Activities as rules of the engine: only those that lines of the basket were put in for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promotions import engine
from promotions.activities import ActivityRule, read_activity
from promotions.models import ActivityItem, BargainStart, Campaign

Arguments = dict[str, Any]


def offered_rules(
    lines: Sequence[engine.Line], at: datetime, until: datetime, member_id: int | None = None
) -> tuple[engine.Rule, ...]:
    """The activities that the lines name, live at some instant of ``[at, until)``.

    A bargain has a price for its owner only, who is ``member_id``.
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
    asked = Asked(frozenset(offers), member_id, at)
    return tuple(_rule(found[0].campaign, found, asked) for found in by_campaign.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """Which offers a basket names, for whom and when."""

    offers: frozenset[engine.Offer]
    member_id: int | None
    at: datetime


def _rule(campaign: Campaign, items: Sequence[ActivityItem], asked: Asked) -> engine.Rule:
    activity = read_activity(campaign.kind, campaign.rule)
    return engine.RULE_KINDS[campaign.kind](
        **_common(campaign, activity), **PRICES[campaign.kind](items, asked)
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
        "budget_left_fen": campaign.left_fen,
        "title_zh": campaign.title_zh,
        "title_en": campaign.title_en,
    }


def _fixed(items: Sequence[ActivityItem], asked: Asked) -> Arguments:
    return {"prices": {item.sku_id: item.price_fen for item in items}}


def _with_deposit(items: Sequence[ActivityItem], asked: Asked) -> Arguments:
    deposits = {
        item.sku_id: (item.deposit_fen, item.worth_fen)
        for item in items
        if item.deposit_fen is not None
    }
    return {**_fixed(items, asked), "deposits": deposits}


def _cut_down(items: Sequence[ActivityItem], asked: Asked) -> Arguments:
    """What the buyer's own bargains over these goods cost now, by their numbers. Queries: 1."""
    mine = BargainStart.objects.cutting_at(asked.at).filter(
        number__in={offer.reference for offer in asked.offers},
        member=asked.member_id,
        item__in=items,
    )
    return {"prices_by_reference": {start.number: start.price_fen for start in mine}}


PRICES: Mapping[str, Callable[[Sequence[ActivityItem], Asked], Arguments]] = {
    Campaign.Kind.FLASH: _fixed,
    Campaign.Kind.GROUP: _fixed,
    Campaign.Kind.BARGAIN: _cut_down,
    Campaign.Kind.PRESALE: _with_deposit,
}
