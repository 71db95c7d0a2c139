"""When a campaign's goods run short: one deed makes a presale of them, or drafts a transfer.

Source: requirement I-50.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from catalog.models import Sku
from inventory.models import RestockPolicy, Transfer
from inventory.selectors import supply_terms
from inventory.services import draft_transfer
from mall.kernel import clock
from orders.errors import NoHelpInStock, NotShort
from orders.selectors.shortages import ShortGoods, help_for, short_goods
from promotions.models import ActivityItem, Campaign
from promotions.services import CampaignValues, Goods, save_campaign

DEPOSIT_BP = 2_000
SELLS_FOR = timedelta(days=7)
BALANCE_FOR = timedelta(days=3)
PACKING = timedelta(days=2)
QUOTA = 300
TITLE = 36


@transaction.atomic
def switch_to_presale(
    *, campaign_id: int, sku_id: int, at: datetime, actor: Any = None
) -> Campaign:
    """Draft a presale of goods that ran short, at the campaign's price, with the day they ship.

    A fifth is the deposit; a week of selling, three days for the balance, and the goods leave when
    an order of today would have come. Asked again, the draft there is the answer. Like every
    campaign it is then reviewed and published. Raises: NotShort.
    """
    short = _short(campaign_id, sku_id, at)
    if known := _draft_of(sku_id):
        return known
    policy = RestockPolicy.objects.get(pk=1)
    lead = supply_terms([sku_id], policy)[sku_id].lead_days
    ends_at = at + SELLS_FOR
    balance_until = ends_at + BALANCE_FOR
    ships_on = max(
        clock.day_of(balance_until + PACKING), clock.day_of(at + timedelta(days=lead) + PACKING)
    )
    deposit_fen = max(short.price_fen * DEPOSIT_BP // 10_000, 1)
    return save_campaign(
        values=CampaignValues(
            kind=Campaign.Kind.PRESALE,
            title_zh=f"{short.sku.product.title_zh[:TITLE]} 预售",
            title_en=f"Presale: {(short.sku.product.title_en or short.sku.code)[:TITLE]}",
            starts_at=at,
            ends_at=ends_at,
            rule={
                "balance_from": (ends_at + timedelta(hours=1)).isoformat(),
                "balance_until": balance_until.isoformat(),
                "ships_on": ships_on.isoformat(),
            },
            goods=[
                Goods(
                    sku_id=sku_id,
                    price_fen=short.price_fen,
                    quota=QUOTA,
                    deposit_fen=deposit_fen,
                    worth_fen=deposit_fen,
                )
            ],
        ),
        at=at,
        actor=actor,
    )


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
    for one in short_goods(at):
        if (one.campaign.pk, one.sku.pk) == (campaign_id, sku_id):
            return one
    code = Sku.objects.filter(pk=sku_id).values_list("code", flat=True).first()
    raise NotShort(sku=code or sku_id)


def _draft_of(sku_id: int) -> Campaign | None:
    item = (
        ActivityItem.objects.filter(
            sku=sku_id,
            campaign__kind=Campaign.Kind.PRESALE,
            campaign__status=Campaign.Status.DRAFT,
        )
        .select_related("campaign")
        .first()
    )
    return item.campaign if item else None
