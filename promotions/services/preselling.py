"""A presale that is sold out closes, and what was sold is handed on to be made. Source: P-31."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from promotions.activities import PresaleRule, read_activity
from promotions.models import Campaign, OfferHold, PresalePlan


@dataclass(frozen=True, slots=True)
class SoldPresale:
    """What a presale sold: pieces by SKU id, what it is called, when the goods are to leave."""

    title: str
    pieces: Mapping[int, int]
    ships_on: date


@transaction.atomic
def note_planned(*, campaign_id: int, at: datetime) -> SoldPresale | None:
    """Note that the presale's pieces are handed on, once; None when they were before.

    Pieces whose deposit is paid count. Locks: the campaign. Queries: 4.
    """
    campaign = Campaign.objects.filter(pk=campaign_id, kind=Campaign.Kind.PRESALE).locked().first()
    if campaign is None or PresalePlan.objects.filter(campaign=campaign).exists():
        return None
    rule = read_activity(campaign.kind, campaign.rule)
    assert isinstance(rule, PresaleRule), "a presale has the rule of one"
    paid = OfferHold.objects.filter(item__campaign=campaign, state=OfferHold.State.CONFIRMED)
    pieces = dict(paid.values_list("item__sku_id").annotate(pieces=Sum("pieces")).order_by())
    PresalePlan.objects.create(campaign=campaign, pieces=sum(pieces.values()), planned_at=at)
    return SoldPresale(campaign.title_zh, pieces, rule.ships_on)
