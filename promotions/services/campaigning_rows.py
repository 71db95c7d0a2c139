"""What every verb on a campaign shares: its locked row, its change of status, who is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog.services import mark_shelf
from mall.kernel import audit
from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from promotions.errors import CampaignNotReady, CampaignWrongStatus
from promotions.events import CampaignChanged
from promotions.models import Campaign
from promotions.services.scoping import products_in

Status = Campaign.Status
FIELDS = (
    "kind", "title_zh", "title_en", "starts_at", "ends_at", "priority", "rule",
    "scope_kind", "scope_ids", "scope_text_zh", "scope_text_en",
    "tier_codes", "region_prefixes", "excludes", "exclusive_group", "budget_fen", "plan_id",
)  # fmt: skip
GOODS_FIELDS = ("price_fen", "quota", "per_member", "deposit_fen", "worth_fen", "floor_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does what to a campaign, when, and why."""

    verb: str
    at: datetime
    actor: Any = None
    reason: str = ""


def locked_campaign(campaign_id: int) -> Campaign:
    """The row under its lock. Queries: 1. Raises: NotFound."""
    campaign = Campaign.objects.filter(pk=campaign_id).locked().first()
    if campaign is None:
        raise NotFound
    return campaign


def expect_status(campaign: Campaign, *statuses: str) -> None:
    """Raises: CampaignWrongStatus, naming the status it is in."""
    if campaign.status not in statuses:
        raise CampaignWrongStatus(
            title=campaign.title_zh, status=str(Status(campaign.status).label)
        )


def turn(campaign: Campaign, status: str, deed: Deed) -> Campaign:
    """Move a locked campaign to ``status``: an audit row; cards and listeners are told.

    The version is that of what the campaign says: what was rehearsed and approved is what goes
    live, so that a move leaves it alone.

    Emits: CampaignChanged when it is live before or after.
    """
    before, campaign.status = campaign.status, status
    campaign.save()
    if Status.LIVE in (before, status):
        announce(campaign, [], deed.at)
    audit.record(
        actor=deed.actor,
        verb=deed.verb,
        target=campaign,
        before={"status": before},
        after={"status": status, "version": campaign.version},
        reason=deed.reason,
        at=deed.at,
    )
    return campaign


def announce(campaign: Campaign, touched_before: Iterable[int], at: datetime) -> None:
    """Let cards be computed again and listeners know."""
    mark_shelf({*touched_before, *touched_products(campaign)})
    publish(
        CampaignChanged(
            campaign_id=campaign.pk, status=campaign.status, version=campaign.version, at=at
        )
    )


def touched_products(campaign: Campaign) -> list[int]:
    """Products whose cards the campaign changes: those it prices, and those of its scope."""
    if campaign.is_activity:
        return list(campaign.items.values_list("sku__product_id", flat=True))
    priced = list(campaign.sale_items.values_list("sku__product_id", flat=True))
    if is_fixed_price(campaign):
        return priced
    return [*priced, *products_in(campaign)]


def check_ready(campaign: Campaign, at: datetime) -> None:
    """Raises: CampaignNotReady for a campaign that shoppers could not use."""
    if campaign.ends_at <= at:
        raise CampaignNotReady(title=campaign.title_zh, reason=_("it is already over"))
    if is_fixed_price(campaign) and not campaign.sale_items.exists():
        raise CampaignNotReady(title=campaign.title_zh, reason=_("no goods have a sale price"))
    if campaign.is_activity and not campaign.items.exists():
        raise CampaignNotReady(title=campaign.title_zh, reason=_("it has no goods"))


def is_fixed_price(campaign: Campaign) -> bool:
    """True when its prices are rows, one a SKU, and nothing else of its scope is cheaper."""
    if campaign.kind == Campaign.Kind.SALE:
        return "rate_bp" not in campaign.rule
    return bool(campaign.kind == Campaign.Kind.MEMBER_PRICE)


def facts_of(campaign: Campaign) -> dict[str, Any]:
    """The row as the audit trail keeps it, with its prices or goods by SKU code. Queries: 1."""
    facts = {name: getattr(campaign, name) for name in FIELDS}
    if campaign.is_activity:
        goods = campaign.items.values("sku__code", *GOODS_FIELDS)
        return {
            **facts,
            "version": campaign.version,
            "goods": {row.pop("sku__code"): row for row in goods},
        }
    prices = dict(campaign.sale_items.values_list("sku__code", "price_fen"))
    return {**facts, "version": campaign.version, "prices": prices}
