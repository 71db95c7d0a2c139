"""Goods of running campaigns that run short, what a presale of them would say, and which warehouse
could help. Source: I-50."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalog.models import Sku
from inventory.models import RestockPolicy, StockItem, Warehouse
from inventory.selectors import available_pieces, supply_terms
from mall.kernel import clock
from promotions.models import ActivityItem, Campaign, SaleItem

MOST = 200
DEPOSIT_BP = 2_000
SELLS_DAYS = 7
QUOTA = 300
BALANCE_FOR = timedelta(days=3)
PACKING = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ShortGoods:
    """One SKU of one running campaign: its price there, pieces free, pieces wanted."""

    campaign: Campaign
    sku: Sku
    price_fen: int
    available: int
    wanted: int

    @property
    def is_sold_out(self) -> bool:
        """Nothing left to sell in it."""
        return self.available <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PresaleTerms:
    """What a presale of short goods says: fen for one piece, pieces in all, how long it sells, and
    the day of shipping."""

    price_fen: int
    deposit_fen: int
    quota: int
    sells_days: int
    ships_on: date


@dataclass(frozen=True, slots=True)
class Help:
    """Where free pieces lie, and which house that ships has the fewest."""

    origin_id: int
    target_id: int
    pieces: int


def short_goods(at: datetime) -> list[ShortGoods]:
    """Goods of campaigns running at ``at`` that are sold out or short of what they may sell.

    Presales are no shortage. The shortest come first. Queries: 3.
    """
    running = Campaign.objects.active_at(at).exclude(kind=Campaign.Kind.PRESALE)
    activity = ActivityItem.objects.filter(campaign__in=running).select_related(
        "campaign", "sku__product"
    )
    sale = SaleItem.objects.filter(campaign__in=running).select_related("campaign", "sku__product")
    rows: list[ActivityItem | SaleItem] = [*activity.order_by("pk"), *sale.order_by("pk")]
    free = available_pieces({row.sku_id for row in rows})
    found = [_goods(row, free[row.sku_id]) for row in rows]
    short = [one for one in found if one.available < one.wanted]
    return sorted(short, key=lambda one: (one.available - one.wanted, one.sku.pk))[:MOST]


def short_of(campaign_id: int, sku_id: int, at: datetime) -> ShortGoods | None:
    """One row of `short_goods`; None for goods that are there. Queries: 3."""
    wanted = (campaign_id, sku_id)
    return next((one for one in short_goods(at) if (one.campaign.pk, one.sku.pk) == wanted), None)


def presales_of(sku_ids: Iterable[int], at: datetime) -> dict[int, Campaign]:
    """By SKU id, the newest presale of it that is not over, be it a draft. Queries: 1."""
    items = ActivityItem.objects.filter(
        sku__in=list(sku_ids), campaign__kind=Campaign.Kind.PRESALE, campaign__ends_at__gt=at
    )
    return {item.sku_id: item.campaign for item in items.select_related("campaign").order_by("pk")}


def balance_ends(at: datetime, sells_days: int) -> datetime:
    """Until when the balance is paid of a presale that sells so many days from ``at``."""
    return at + timedelta(days=sells_days) + BALANCE_FOR


def suggested_terms(short: ShortGoods, at: datetime) -> PresaleTerms:
    """The campaign's price, a fifth of it as deposit; the goods leave when an order of today would
    have come, but not before the balance is paid. Queries: 2 and those of the terms."""
    policy = RestockPolicy.objects.get(pk=1)
    lead = timedelta(days=supply_terms([short.sku.pk], policy)[short.sku.pk].lead_days)
    come = max(at + lead, balance_ends(at, SELLS_DAYS))
    return PresaleTerms(
        price_fen=short.price_fen,
        deposit_fen=max(short.price_fen * DEPOSIT_BP // 10_000, 1),
        quota=QUOTA,
        sells_days=SELLS_DAYS,
        ships_on=clock.day_of(come + PACKING),
    )


def _goods(row: ActivityItem | SaleItem, free: int) -> ShortGoods:
    """A sale wants one piece at least; an activity what its quota still allows, and a flash sale
    holds its own pieces: it is short when they are gone."""
    if isinstance(row, SaleItem):
        return ShortGoods(row.campaign, row.sku, row.price_fen, free, 1)
    left = row.quota - row.taken
    if row.campaign.kind == Campaign.Kind.FLASH:
        return ShortGoods(row.campaign, row.sku, row.price_fen, left, 1)
    return ShortGoods(row.campaign, row.sku, row.price_fen, min(free, left), max(left, 1))


def help_for(sku_id: int, wanted: int) -> Help | None:
    """The house of ours with the most free pieces, in use or not, and the shipping one with the
    fewest that is another; None when there is nothing to move. Queries: 2.
    """
    rows = list(
        StockItem.objects.of_skus([sku_id])
        .exclude(warehouse__kind=Warehouse.Kind.SUPPLIER)
        .select_related("warehouse")
        .order_by("pk")
    )
    origin = max(rows, key=lambda row: row.available, default=None)
    if origin is None or origin.available <= 0:
        return None
    target = _fewest(rows, origin.warehouse_id)
    if target is None:
        return None
    return Help(origin.warehouse_id, target, min(max(wanted, 1), origin.available))


def _fewest(rows: Iterable[StockItem], but: int) -> int | None:
    """The shipping house with the fewest free pieces, other than ``but``."""
    free = {row.warehouse_id: row.available for row in rows}
    houses = Warehouse.objects.filter(
        is_active=True, kind__in=(Warehouse.Kind.OWN, Warehouse.Kind.REGIONAL, Warehouse.Kind.CLOUD)
    ).exclude(pk=but)
    ranked = sorted(houses, key=lambda house: (free.get(house.pk, 0), house.priority, house.pk))
    return ranked[0].pk if ranked else None
