"""Campaigns: written as drafts, published, paused; every change counts their version up.

Shoppers see only live ones; what is live may be changed, and its cards are computed again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Sku
from catalog.services import mark_shelf
from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.outbox import publish
from promotions.errors import CampaignNotReady
from promotions.events import CampaignChanged
from promotions.models import Campaign, SaleItem, ScopeKind
from promotions.rulebook import read_rule
from promotions.services.scoping import products_in, set_scope

LIVE, PAUSED = Campaign.Status.LIVE, Campaign.Status.PAUSED
FIELDS = (
    "kind", "title_zh", "title_en", "starts_at", "ends_at", "priority", "rule",
    "scope_kind", "scope_ids", "scope_text_zh", "scope_text_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignValues:
    """What an operator says: ``rule`` as in ``rulebook``, ``prices`` SKU id to fen."""

    kind: str
    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    rule: Mapping[str, Any] = field(default_factory=dict)
    prices: Mapping[int, int] = field(default_factory=dict)
    priority: int = 100
    scope_kind: str = ScopeKind.SHOP
    scope_ids: Iterable[int] = ()
    scope_text_zh: str = ""
    scope_text_en: str = ""


@transaction.atomic
def save_campaign(
    *,
    values: CampaignValues,
    at: datetime,
    actor: Any = None,
    campaign_id: int | None = None,
) -> Campaign:
    """Write a draft, or change a campaign. Locks: the campaign. Raises: NotFound, InvalidInput,
    CampaignNotReady when a live one would lose what it needs. Emits: CampaignChanged when live."""
    campaign = Campaign() if campaign_id is None else _locked(campaign_id)
    before = {} if campaign_id is None else _facts(campaign)
    touched = _touched(campaign) if campaign.status == LIVE else []
    for name in FIELDS:
        value = getattr(values, name)
        setattr(campaign, name, list(value) if name == "scope_ids" else value)
    campaign.rule = dict(values.rule)
    _check(campaign, values)
    if campaign_id is not None:
        campaign.version += 1
    campaign.save()
    _put_prices(campaign, values.prices)
    if campaign.status == LIVE:
        _check_ready(campaign, at)
        _announce(campaign, touched, at)
    audit.record(
        actor=actor,
        verb="promotions.save_campaign",
        target=campaign,
        before=before,
        after=_facts(campaign),
        at=at,
    )
    return campaign


@transaction.atomic
def publish_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Let shoppers have it from ``starts_at`` on. Locks: the campaign. Raises: CampaignNotReady."""
    campaign = _locked(campaign_id)
    _check_ready(campaign, at)
    return _turn(campaign, LIVE, "promotions.publish_campaign", actor, at)


@transaction.atomic
def pause_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """Take it back at once; quotes that used it are refused at placing. Locks: the campaign."""
    return _turn(_locked(campaign_id), PAUSED, "promotions.pause_campaign", actor, at)


def _locked(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.filter(pk=campaign_id).locked().first()
    if campaign is None:
        raise NotFound
    return campaign


def _turn(campaign: Campaign, status: str, verb: str, actor: Any, at: datetime) -> Campaign:
    before = campaign.status
    if before == status:
        return campaign
    campaign.status = status
    campaign.version += 1
    campaign.save(update_fields=["status", "version"])
    _announce(campaign, [], at)
    audit.record(
        actor=actor,
        verb=verb,
        target=campaign,
        before={"status": before},
        after={"status": status},
        at=at,
    )
    return campaign


def _check(campaign: Campaign, values: CampaignValues) -> None:
    read_rule(campaign.kind, campaign.rule)
    set_scope(campaign)
    if campaign.ends_at <= campaign.starts_at:
        raise InvalidInput(field="ends_at", allowed=_("an end after the beginning"))
    if values.prices and campaign.kind != Campaign.Kind.SALE:
        raise InvalidInput(field="prices", allowed=_("prices only in a sale"))
    ordinary = dict(Sku.objects.filter(pk__in=list(values.prices)).values_list("pk", "price_fen"))
    for sku_id, price_fen in values.prices.items():
        if sku_id not in ordinary or not 0 < price_fen < ordinary[sku_id]:
            raise InvalidInput(field="prices", allowed=_("above zero and below the ordinary price"))


def _check_ready(campaign: Campaign, at: datetime) -> None:
    if campaign.ends_at <= at:
        raise CampaignNotReady(title=campaign.title_zh, reason=_("it is already over"))
    is_sale = campaign.kind == Campaign.Kind.SALE
    if is_sale and "rate_bp" not in campaign.rule and not campaign.sale_items.exists():
        raise CampaignNotReady(title=campaign.title_zh, reason=_("no goods have a sale price"))


def _put_prices(campaign: Campaign, prices: Mapping[int, int]) -> None:
    campaign.sale_items.exclude(sku__in=list(prices)).delete()
    SaleItem.objects.bulk_create(
        [
            SaleItem(campaign=campaign, sku_id=sku_id, price_fen=price_fen)
            for sku_id, price_fen in sorted(prices.items())
        ],
        update_conflicts=True,
        unique_fields=["campaign", "sku"],
        update_fields=["price_fen"],
    )


def _announce(campaign: Campaign, touched_before: list[int], at: datetime) -> None:
    mark_shelf({*touched_before, *_touched(campaign)})
    publish(
        CampaignChanged(
            campaign_id=campaign.pk, status=campaign.status, version=campaign.version, at=at
        )
    )


def _touched(campaign: Campaign) -> list[int]:
    """Products whose cards the campaign changes: those it prices, and those of its scope."""
    priced = list(campaign.sale_items.values_list("sku__product_id", flat=True))
    if campaign.kind == Campaign.Kind.SALE and "rate_bp" not in campaign.rule:
        return priced
    return [*priced, *products_in(campaign)]


def _facts(campaign: Campaign) -> dict[str, Any]:
    facts = {name: getattr(campaign, name) for name in FIELDS}
    prices = dict(campaign.sale_items.values_list("sku__code", "price_fen"))
    return {**facts, "version": campaign.version, "prices": prices}
