"""When a campaign's goods run short: one deed makes a presale of them, or drafts a transfer.

Source: requirement I-50.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Sku
from inventory.models import Transfer
from inventory.services import draft_transfer
from mall.kernel import clock
from mall.kernel.db import advisory_lock
from mall.kernel.errors import InvalidInput
from orders.errors import NoHelpInStock, NotShort
from orders.selectors.shortages import (
    PresaleTerms,
    ShortGoods,
    balance_ends,
    help_for,
    presales_of,
    short_of,
    suggested_terms,
)
from promotions.models import Campaign, PricingSettings, RehearsalPolicy
from promotions.services import (
    CampaignValues,
    Goods,
    needs_second_person,
    publish_campaign,
    rehearsal_policy,
    save_campaign,
    submit_campaign,
)

LONGEST_DAYS = 30
TITLE = 36
FROM_THE_END = timedelta(hours=1)


@transaction.atomic
def switch_to_presale(
    *,
    campaign_id: int,
    sku_id: int,
    at: datetime,
    actor: Any = None,
    terms: PresaleTerms | None = None,
    is_published: bool = False,
) -> Campaign:
    """Make a presale of goods that ran short, with the day they ship: by ``terms``, or by the
    suggested ones; a draft, or at once for shoppers.

    Where its quota costs more below the ordinary price than one person may give, it is handed to a
    second person instead of being published. Asked again, the presale there is the answer. Locks:
    one advisory lock a SKU. Raises: NotShort, InvalidInput, CampaignNotReady, TextsRefused; nothing
    is written then.
    """
    advisory_lock("presale-of", sku_id)
    short = _short(campaign_id, sku_id, at)
    if known := presales_of([sku_id], at).get(sku_id):
        return known
    terms = terms or suggested_terms(short, at)
    campaign = save_campaign(values=_values(short, terms, at), at=at, actor=actor)
    if not is_published:
        return campaign
    step = submit_campaign if needs_second_person(campaign) else publish_campaign
    return step(campaign_id=campaign.pk, at=at, actor=actor)


def _values(short: ShortGoods, terms: PresaleTerms, at: datetime) -> CampaignValues:
    """Raises: InvalidInput for a day of shipping before the balance is paid."""
    if not 0 < terms.sells_days <= LONGEST_DAYS:
        raise InvalidInput(field="sells_days", allowed=f"1-{LONGEST_DAYS}")
    ends_at, balance_until = (
        at + timedelta(days=terms.sells_days),
        balance_ends(at, terms.sells_days),
    )
    if terms.ships_on < clock.day_of(balance_until):
        raise InvalidInput(
            field="ships_on",
            allowed=_("%(day)s or later, when the balance is paid")
            % {"day": clock.day_of(balance_until).isoformat()},
        )
    goods = Goods(
        sku_id=short.sku.pk,
        price_fen=terms.price_fen,
        quota=terms.quota,
        deposit_fen=terms.deposit_fen,
        worth_fen=terms.deposit_fen,
    )
    given_fen = terms.quota * (short.sku.price_fen - terms.price_fen)
    return CampaignValues(
        kind=Campaign.Kind.PRESALE,
        title_zh=f"{short.sku.product.title_zh[:TITLE]} 预售",
        title_en=f"Presale: {(short.sku.product.title_en or short.sku.code)[:TITLE]}",
        starts_at=at,
        ends_at=ends_at,
        rule={
            "balance_from": (ends_at + FROM_THE_END).isoformat(),
            "balance_until": balance_until.isoformat(),
            "ships_on": terms.ships_on.isoformat(),
        },
        goods=[goods],
        budget_fen=_budget_for(given_fen),
    )


def _budget_for(given_fen: int) -> int | None:
    """Orders are charged by the ordinary price of their day: what the quota costs today would stop
    the presale when that rises. So the budget is all that one person may give alone; there is none
    where a second person looks, or nobody has to. Queries: 2."""
    limit = (PricingSettings.objects.filter(pk=1).first() or PricingSettings()).approval_over_fen
    if limit is None:
        return None
    policy = rehearsal_policy()
    if policy.need == RehearsalPolicy.Need.LARGE:
        limit = min(limit, policy.large_budget_fen - 1)
    return limit if given_fen <= limit else None


def raise_transfer(*, campaign_id: int, sku_id: int, at: datetime, actor: Any = None) -> Transfer:
    """Draft a transfer to a house that ships, from where pieces lie.

    One draft a campaign and SKU. Raises: NotShort, NoHelpInStock.
    """
    short = _short(campaign_id, sku_id, at)
    found = help_for(sku_id, short.wanted)
    if found is None:
        raise NoHelpInStock(sku=short.sku.code)
    return draft_transfer(
        origin_id=found.origin_id,
        target_id=found.target_id,
        pieces={sku_id: found.pieces},
        note=short.campaign.title_zh[:200],
        cause=f"campaign:{campaign_id}:{sku_id}",
        at=at,
        actor=actor,
    )


def _short(campaign_id: int, sku_id: int, at: datetime) -> ShortGoods:
    found = short_of(campaign_id, sku_id, at)
    if found is None:
        code = Sku.objects.filter(pk=sku_id).values_list("code", flat=True).first()
        raise NotShort(sku=code or sku_id)
    return found
