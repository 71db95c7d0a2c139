"""Activities as orders and pages need to know them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from mall.kernel.db.rows import Row, as_json, stored
from mall.kernel.errors import NotFound
from promotions import engine
from promotions.activities import ActivityRule, read_activity
from promotions.models import ActivityItem, Campaign, OfferHold
from promotions.selectors.bargains import offer_of_start

ANNOUNCED = timedelta(days=7)
ITEM = (
    "id", "campaign_id", "sku_id", "price_fen", "quota", "taken", "per_member", "deposit_fen",
    "worth_fen", "floor_fen",
)  # fmt: skip
CAMPAIGN = ("id", "kind", "title_zh", "title_en", "status", "starts_at", "ends_at", "rule")
A_ID, A_NUMBER = re.compile(r"[0-9]{1,18}"), re.compile(r"[0-9A-Za-z]{0,32}")


@dataclass(frozen=True, slots=True)
class ActivityOffer:
    """An activity that sells some of the SKUs asked for. ``items`` are its goods by SKU id."""

    campaign: Campaign
    rule: ActivityRule
    items: Mapping[int, ActivityItem]

    def is_on(self, at: datetime) -> bool:
        """It has begun and is not over."""
        return self.campaign.starts_at <= at < self.campaign.ends_at


def announced_until(at: datetime) -> datetime:
    """Activities that begin before then are told at ``at``."""
    return at + ANNOUNCED


def activity_rows(sku_ids: Collection[int], at: datetime, until: datetime) -> Any:
    """The goods of live activities on these SKUs, those that begin ``until`` then among them, the
    running ones first; as JSON, for a statement that reads more. See ``offers_of_rows``."""
    running = Campaign.objects.live_within(at, until).filter(kind__in=Campaign.ACTIVITIES)
    items = ActivityItem.objects.filter(sku__pk__in=list(sku_ids), campaign__in=running)
    ordered = items.order_by("campaign__starts_at", "campaign_id", "pk")
    return ordered.values(row=as_json(*ITEM, campaign=as_json(*CAMPAIGN, below="campaign")))


def offers_of_rows(rows: Iterable[Row]) -> list[ActivityOffer]:
    """The activities that the rows of ``activity_rows`` belong to. Queries: 0."""
    found: dict[int, dict[int, Any]] = {}
    for row in rows:
        item: Any = stored(ActivityItem, row, campaign=stored(Campaign, row["campaign"]))
        found.setdefault(item.campaign_id, {})[item.sku_id] = item
    return [_offer(goods) for goods in found.values()]


def activities_of_kind(kind: str, at: datetime, limit: int = 50) -> list[ActivityOffer]:
    """Live activities of one kind with all their goods, those that begin within a week among them;
    which ends first comes first. Queries: 2."""
    live = Campaign.objects.live_within(at, at + ANNOUNCED).filter(kind=kind)
    campaigns = live.order_by("ends_at", "pk").prefetch_related(
        Prefetch("items", ActivityItem.objects.select_related("sku").order_by("pk"))
    )[:limit]
    return [
        ActivityOffer(
            campaign,
            read_activity(campaign.kind, campaign.rule),
            {item.sku_id: item for item in campaign.items.all()},
        )
        for campaign in campaigns
    ]


def running_activity(kind: str, at: datetime) -> ActivityOffer | None:
    """The activity of a kind that is on and ends first, with all its goods. Queries: 1."""
    live = Campaign.objects.live().filter(kind=kind, starts_at__lte=at, ends_at__gt=at)
    with_goods = live.filter(Exists(ActivityItem.objects.filter(campaign=OuterRef("pk"))))
    first = with_goods.order_by("ends_at", "pk").values("pk")[:1]
    items = ActivityItem.objects.filter(campaign__in=first).order_by("pk")
    goods = {item.sku_id: item for item in items.select_related("campaign", "sku")}
    return _offer(goods) if goods else None


def presales_to_plan(at: datetime) -> list[int]:
    """Presales that are sold out or over and whose goods nobody has planned yet.

    An order placed in the last minutes may still be paid: planning waits for it. Queries: 1.
    """
    unsold = ActivityItem.objects.filter(campaign=OuterRef("pk")).with_left(1)
    live = Campaign.objects.filter(
        kind=Campaign.Kind.PRESALE,
        status__in=(Campaign.Status.LIVE, Campaign.Status.PAUSED),
        presale_plan__isnull=True,
    )
    held = OfferHold.objects.filter(item__campaign=OuterRef("pk"), state=OfferHold.State.HELD)
    sold_out = Q(starts_at__lte=at) & ~Exists(unsold)
    due = live.filter(~Exists(held)).filter(Q(ends_at__lte=at) | sold_out)
    return list(due.order_by("pk").values_list("pk", flat=True))


def _offer(goods: Mapping[int, ActivityItem]) -> ActivityOffer:
    campaign = next(iter(goods.values())).campaign
    return ActivityOffer(campaign, read_activity(campaign.kind, campaign.rule), goods)


def offer_named(*, kind: str, identity: str, team: str = "") -> engine.Offer:
    """The offer that a shopper's client names: an activity by its id, and the team to join; a
    bargain by its number. Whether it may be bought is the engine's and the activity's word.

    Queries: none but for a bargain, there 1. Raises: NotFound for what names nothing.
    """
    if kind == Campaign.Kind.BARGAIN:
        return offer_of_start(identity)
    if kind not in Campaign.ACTIVITIES or not A_ID.fullmatch(identity):
        raise NotFound
    reference = team if kind == Campaign.Kind.GROUP else ""
    if not A_NUMBER.fullmatch(reference):
        raise NotFound
    return engine.Offer(kind, int(identity), reference)


def activity_of(campaign_id: int) -> ActivityRule:
    """The terms of an activity: how long to pay, deposit, team. Queries: 1. Raises: NotFound."""
    campaign = Campaign.objects.filter(pk=campaign_id, kind__in=Campaign.ACTIVITIES).first()
    if campaign is None:
        raise NotFound
    return read_activity(campaign.kind, campaign.rule)
