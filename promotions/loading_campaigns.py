"""Campaigns as rules of the engine, in one query whatever the number of lines and rules.

Activities are loaded beside: they are only for lines that were put in for them.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from mall.kernel.db import Prepared
from mall.kernel.errors import InvalidInput
from promotions import engine
from promotions.models import Campaign, SaleItem, Scoped, ScopeKind
from promotions.models.campaign import CampaignQuerySet
from promotions.rulebook import Arguments, read_rule, skus_of

logger = logging.getLogger(__name__)
Kind = Campaign.Kind
GIFT_WITH = "gift"
"""The part of a 满减 that gives something beside the money off: a rule of its own, same id."""


def campaign_rules(
    lines: Sequence[engine.Line], at: datetime, until: datetime
) -> tuple[engine.Rule, ...]:
    """Rules of campaigns that touch these lines at some instant of ``[at, until)``. Queries: 1."""
    return tuple(_rules(_live(at=at, until=until, **_touched(lines))))


@Prepared
def _live(*, at: datetime, until: datetime, sku_ids: list[int], **touched: list[int]) -> Any:
    campaigns = Campaign.objects.live_within(at, until)
    return _with_prices(campaigns.touching(sku_ids=sku_ids, **touched), _priced(sku_ids))


def tried_rules(
    campaign_ids: Collection[int], lines: Sequence[engine.Line]
) -> tuple[engine.Rule, ...]:
    """Rules of these campaigns on these lines as if they were live: for rehearsals.

    Activities are left out: nobody's goods are in them before they begin. Queries: 1.
    """
    touched = _touched(lines)
    campaigns = Campaign.objects.filter(pk__in=campaign_ids).touching(**touched)
    return tuple(_rules(_with_prices(campaigns, _priced(touched["sku_ids"]))))


def rules_of(campaigns: CampaignQuerySet) -> tuple[engine.Rule, ...]:
    """The rules of these campaigns but activities, with all their fixed prices. Queries: 1."""
    return tuple(_rules(_with_prices(campaigns, SaleItem.objects.filter(campaign=OuterRef("pk")))))


def _touched(lines: Sequence[engine.Line]) -> dict[str, list[int]]:
    """What a campaign may be about to touch these lines, as `CampaignQuerySet.touching` has it."""
    return {
        "sku_ids": sorted({line.sku_id for line in lines}),
        "category_ids": sorted({node for line in lines for node in line.category_path}),
        "brand_ids": sorted({line.brand_id for line in lines if line.brand_id}),
        "product_ids": sorted({line.product_id for line in lines}),
    }


def _priced(sku_ids: Collection[int]) -> models.QuerySet[SaleItem]:
    """The fixed prices of these SKUs in a campaign of the outer row."""
    return SaleItem.objects.filter(campaign=OuterRef("pk"), sku__in=sku_ids)


def _with_prices(
    campaigns: CampaignQuerySet, prices: models.QuerySet[SaleItem]
) -> CampaignQuerySet:
    """Those that are no activities, with their prices in hand."""
    pairs = prices.values(pair=JSONObject(sku="sku_id", fen="price_fen"))
    rows = campaigns.exclude(kind__in=Campaign.ACTIVITIES).annotate(prices=ArraySubquery(pairs))
    return rows.order_by("pk")


def scope_of(row: Scoped, skus: Iterable[int] = ()) -> engine.Scope:
    """The engine's scope of a row; ``skus`` are named beside it."""
    ids = row.scope_ids
    match row.scope_kind:
        case ScopeKind.CATEGORY:
            return engine.Scope.of(categories=ids, skus=skus)
        case ScopeKind.BRAND:
            return engine.Scope.of(brands=ids, skus=skus)
        case ScopeKind.PRODUCTS:
            return engine.Scope.of(products=ids, skus=skus)
    return engine.WHOLE_SHOP


def _rules(campaigns: Iterable[Any]) -> Iterator[engine.Rule]:
    """What no verb wrote is left out and logged: one row spoilt by hand stops no sale."""
    for campaign in campaigns:
        try:
            arguments = read_rule(campaign.kind, campaign.rule)
        except InvalidInput:
            logger.exception("campaign %s has a rule that no verb wrote; left out", campaign.pk)
            continue
        prices = {pair["sku"]: pair["fen"] for pair in campaign.prices}
        yield from _of_one(campaign, arguments, prices)


def _of_one(
    campaign: Campaign, arguments: Arguments, prices: Mapping[int, int]
) -> Iterator[engine.Rule]:
    """The rule of one campaign, none when it prices other goods, two with a gift beside it."""
    common = _common(campaign)
    gift = arguments.pop(GIFT_WITH, None)
    own = _own_goods(campaign, arguments, prices)
    if own is None:
        return
    yield engine.RULE_KINDS[campaign.kind](**{**common, **own, **arguments})
    if gift is not None:
        yield engine.RULE_KINDS[Kind.GIFT](**common, **gift)


def _own_goods(
    campaign: Campaign, arguments: Arguments, prices: Mapping[int, int]
) -> Arguments | None:
    """Prices, and the scope, of a kind that names SKUs; None when it has no word on these goods."""
    if campaign.kind == Kind.SALE and "rate_bp" in arguments:
        return {"prices": prices, "scope": scope_of(campaign, prices)}
    if campaign.kind in (Kind.SALE, Kind.MEMBER_PRICE):
        return {"prices": prices, "scope": engine.Scope.of(skus=prices)} if prices else None
    skus = skus_of(campaign.kind, arguments)
    if campaign.kind == Kind.BUNDLE_PRICE or (skus and not arguments["rates"]):
        return {"scope": engine.Scope.of(skus=skus)}
    return {"scope": scope_of(campaign, skus)}


def _common(campaign: Campaign) -> Arguments:
    return {
        "rule_id": campaign.pk,
        "version": campaign.version,
        "priority": campaign.priority,
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "scope": scope_of(campaign),
        "tier_codes": frozenset(campaign.tier_codes),
        "region_prefixes": frozenset(campaign.region_prefixes),
        "excludes": frozenset(engine.Lane(lane) for lane in campaign.excludes),
        "exclusive_group": campaign.exclusive_group,
        "budget_left_fen": campaign.left_fen,
        "title_zh": campaign.title_zh,
        "title_en": campaign.title_en,
    }
