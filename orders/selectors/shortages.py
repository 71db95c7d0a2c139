"""Goods of running campaigns that run short, and which warehouse could help. Source: I-50."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Sku
from inventory.models import StockItem, Warehouse
from inventory.selectors import available_pieces
from promotions.models import ActivityItem, Campaign, SaleItem

MOST = 200


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
