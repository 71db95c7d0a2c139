"""What others ask about stock: free pieces, badges, open alerts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import F, Q, QuerySet, Sum

from inventory.models import Reservation, RestockAlert, StockItem
from inventory.selectors.bundles import BUNDLE, bundles_free, of_bundles
from mall.kernel.db import Prepared

FEW_PIECES = 10
FREE = Sum(F("on_hand") - F("reserved"))


@dataclass(frozen=True, slots=True)
class StockBadge:
    """What a card says of a product's stock; ``available`` sums its offered SKUs."""

    available: int = 0

    @property
    def in_stock(self) -> bool:
        """At least one piece of one SKU can be bought."""
        return self.available > 0

    @property
    def is_scarce(self) -> bool:
        """Few enough to say how many."""
        return 0 < self.available <= FEW_PIECES


def available_pieces(sku_ids: Iterable[int]) -> dict[int, int]:
    """Free pieces by SKU id, all warehouses that ship together; of a bundle, how many its parts
    make. 0 for unknown ones. Queries: 1."""
    ids = set(sku_ids)
    return _summed(ids, _free_of(sku_ids=ids))


@Prepared
def _free_of(*, sku_ids: Collection[int]) -> QuerySet[Any]:
    """Rows of SKU id and free pieces, several of a bundle."""
    shipping = StockItem.objects.in_use()
    rows = shipping.of_skus(sku_ids).order_by().values_list("sku_id").annotate(free=FREE)
    bundles = bundles_free(shipping, of_bundles(sku_ids), [f"{BUNDLE}_id"])
    return rows.union(bundles, all=True)


def scarce_products() -> dict[int, int]:
    """Free pieces by product, of products with few enough to say how many; bundles, which have no
    stock of their own, are not among them. Queries: 1."""
    free = StockItem.objects.in_use().filter(sku__is_active=True).order_by()
    rows = free.values_list("sku__product_id").annotate(free=FREE)
    return dict(rows.filter(free__gt=0, free__lte=FEW_PIECES))


def stock_badges(product_ids: Iterable[int]) -> dict[int, StockBadge]:
    """The badge of each product. Queries: 1."""
    ids = list(product_ids)
    shipping = StockItem.objects.in_use()
    own = shipping.filter(sku__product_id__in=ids, sku__is_active=True)
    rows = own.order_by().values_list("sku__product_id").annotate(free=FREE)
    offered = Q(**{f"{BUNDLE}__product_id__in": ids, f"{BUNDLE}__is_active": True})
    bundles = bundles_free(shipping, offered, [f"{BUNDLE}__product_id"])
    free = _summed(ids, rows.union(bundles, all=True))
    return {product_id: StockBadge(pieces) for product_id, pieces in free.items()}


def _summed(ids: Iterable[int], rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Pieces by id, 0 for those without a row."""
    pieces = dict.fromkeys(ids, 0)
    for pk, free in rows:
        pieces[pk] += free
    return pieces


def holding_activities() -> list[str]:
    """Activities for which pieces are set aside and not sold. Queries: 1."""
    rows = Reservation.objects.filter(source_type=Reservation.Source.ACTIVITY).open()
    return sorted(rows.order_by().values_list("source_id", flat=True).distinct())


def open_alerts() -> QuerySet[RestockAlert]:
    """Alerts nobody has answered by a receipt yet, newest first, with SKU and warehouse."""
    return (
        RestockAlert.objects.open()
        .select_related("item__sku__product", "item__warehouse")
        .order_by("-raised_at", "-pk")
    )


def buyer_ids() -> list[int]:
    """Accounts of the operators that are told when stock runs low. Queries: 1."""
    right = Permission.objects.filter(
        codename="get_restock_alerts", content_type__app_label="inventory"
    )
    given = Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    operators = get_user_model().objects.filter(is_staff=True, is_active=True)
    told = operators.filter(Q(is_superuser=True) | given)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())
