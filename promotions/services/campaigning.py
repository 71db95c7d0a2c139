"""Campaigns are written: as drafts, changed, copied. Every change counts the version up.

A live one may be changed while one person may answer for it; one that a second person approved is
paused first, and what was approved goes back to be a draft.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from members.models import Tier
from promotions import engine
from promotions.activities import PresaleRule, read_activity
from promotions.errors import CampaignNotReady
from promotions.models import Campaign, CampaignPlan, ScopeKind
from promotions.rulebook import read_rule
from promotions.services.campaigning_goods import (
    Goods,
    check_named,
    goods_of,
    prices_of,
    put_goods,
    put_prices,
)
from promotions.services.campaigning_rows import (
    FIELDS,
    Status,
    announce,
    check_ready,
    facts_of,
    locked_campaign,
    touched_products,
)
from promotions.services.gates import check_gates
from promotions.services.pricing import needs_second_person
from promotions.services.scoping import set_scope
from promotions.services.wording import check_wording

LISTS = ("scope_ids", "tier_codes", "region_prefixes", "excludes")
CHECKED = (Status.IN_REVIEW, Status.APPROVED)
MOST_REGION_DIGITS = 12
TITLE_LETTERS = {"title_zh": 40, "title_en": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignValues:
    """What an operator says: ``rule`` as in ``rulebook``, ``prices`` SKU id to fen (a sale),
    ``goods`` of an activity."""

    kind: str
    title_zh: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    rule: Mapping[str, Any] = field(default_factory=dict)
    prices: Mapping[int, int] = field(default_factory=dict)
    goods: Iterable[Goods] = ()
    priority: int = 100
    scope_kind: str = ScopeKind.SHOP
    scope_ids: Iterable[int] = ()
    scope_text_zh: str = ""
    scope_text_en: str = ""
    tier_codes: Iterable[str] = ()
    region_prefixes: Iterable[str] = ()
    excludes: Iterable[str] = ()
    exclusive_group: str = ""
    budget_fen: int | None = None
    plan_id: int | None = None


@transaction.atomic
def save_campaign(
    *,
    values: CampaignValues,
    at: datetime,
    actor: Any = None,
    campaign_id: int | None = None,
) -> Campaign:
    """Write a draft, or change a campaign; what was in review or approved is a draft again.

    What runs passes the gates again: an edit gets past none that publishing would be stopped at.

    Locks: the campaign, then its goods. Raises: NotFound, InvalidInput; CampaignNotReady,
    TextsRefused when a live one would lose what it needs, may not be changed while it runs, or says
    what is forbidden. Emits: CampaignChanged when live.
    """
    campaign = Campaign() if campaign_id is None else locked_campaign(campaign_id)
    before = {} if campaign_id is None else facts_of(campaign)
    touched = touched_products(campaign) if campaign.status == Status.LIVE else []
    needed_second = campaign_id is not None and needs_second_person(campaign)
    _take(campaign, values)
    _check(campaign)
    _settle_status(campaign, needed_second or needs_second_person(campaign))
    campaign.maker = actor or campaign.maker
    if campaign_id is not None:
        campaign.version += 1
    campaign.save()
    put_prices(campaign, values.prices)
    put_goods(campaign, values.goods)
    if campaign.status == Status.LIVE:
        check_ready(campaign, at)
        check_wording(campaign)
        check_gates(campaign, at)
        announce(campaign, touched, at)
    audit.record(
        actor=actor,
        verb="promotions.save_campaign",
        target=campaign,
        before=before,
        after=facts_of(campaign),
        at=at,
    )
    return campaign


@transaction.atomic
def copy_campaign(*, campaign_id: int, at: datetime, actor: Any = None) -> Campaign:
    """A draft with the same numbers and goods, to be changed and published by itself.

    Raises: NotFound, and what `save_campaign` raises when a price is no longer below the ordinary.
    """
    source = Campaign.objects.filter(pk=campaign_id).first()
    if source is None:
        raise NotFound
    plain = {
        one.name: getattr(source, one.name)
        for one in fields(CampaignValues)
        if one.name not in ("prices", "goods", "title_zh", "title_en")
    }
    return save_campaign(
        values=CampaignValues(
            **plain,
            title_zh=_copied(source, "title_zh", "（副本）"),
            title_en=_copied(source, "title_en", " (copy)"),
            prices=prices_of(source),
            goods=goods_of(source),
        ),
        at=at,
        actor=actor,
    )


def _copied(source: Campaign, name: str, mark: str) -> str:
    room = TITLE_LETTERS[name]
    return getattr(source, name)[: room - len(mark)] + mark


def _take(campaign: Campaign, values: CampaignValues) -> None:
    for name in FIELDS:
        value = getattr(values, name)
        setattr(campaign, name, list(value) if name in LISTS else value)
    campaign.rule = dict(values.rule)


def _settle_status(campaign: Campaign, needs_second: bool) -> None:
    """What was checked is to be checked again; what runs is not changed behind the checker's back.

    Raises: CampaignNotReady.
    """
    if campaign.status == Status.LIVE and needs_second:
        reason = _("a second person approved it; pause it before you change it")
        raise CampaignNotReady(title=campaign.title_zh, reason=reason)
    if campaign.status in CHECKED or (campaign.status == Status.PAUSED and needs_second):
        campaign.status, campaign.checker = Status.DRAFT, None


def _check(campaign: Campaign) -> None:
    check_named(campaign, read_rule(campaign.kind, campaign.rule))
    set_scope(campaign)
    if campaign.ends_at <= campaign.starts_at:
        raise InvalidInput(field="ends_at", allowed=_("an end after the beginning"))
    if campaign.budget_fen is not None and campaign.budget_fen < max(campaign.spent_fen, 1):
        raise InvalidInput(field="budget_fen", allowed=_("an amount above what is spent"))
    _check_audience(campaign)
    _check_balance(campaign)
    if campaign.plan_id is not None and not _plan_is_open(campaign.plan_id):
        raise InvalidInput(field="plan", allowed=_("a plan that is not dropped"))


def _check_audience(campaign: Campaign) -> None:
    if any(not _is_region(prefix) for prefix in campaign.region_prefixes):
        raise InvalidInput(field="region_prefixes", allowed=_("beginnings of region codes"))
    tiers = set(Tier.objects.values_list("code", flat=True)) if campaign.tier_codes else set()
    if not set(campaign.tier_codes) <= tiers:
        raise InvalidInput(field="tier_codes", allowed=", ".join(sorted(tiers)))
    if campaign.kind == Campaign.Kind.MEMBER_PRICE and not campaign.tier_codes:
        raise InvalidInput(field="tier_codes", allowed=_("the tiers that have the price"))
    if not set(campaign.excludes) <= set(engine.Lane):
        raise InvalidInput(field="excludes", allowed=", ".join(engine.Lane))


def _check_balance(campaign: Campaign) -> None:
    """Whoever pays a deposit at the last moment still has time for the balance."""
    if campaign.kind != Campaign.Kind.PRESALE:
        return
    rule = read_activity(campaign.kind, campaign.rule)
    assert isinstance(rule, PresaleRule), "a presale has the rule of one"
    if rule.balance_until <= campaign.ends_at + timedelta(minutes=rule.pay_minutes):
        raise InvalidInput(
            field="balance_until", allowed=_("after the end, when the last deposits are paid")
        )


def _is_region(prefix: str) -> bool:
    return prefix.isascii() and prefix.isdigit() and 2 <= len(prefix) <= MOST_REGION_DIGITS


def _plan_is_open(plan_id: int) -> bool:
    plans = CampaignPlan.objects.exclude(status=CampaignPlan.Status.DROPPED)
    return plans.filter(pk=plan_id).exists()
