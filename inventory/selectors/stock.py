"""What others ask about stock: free pieces, badges, open alerts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import F, Q, QuerySet, Sum

from inventory.models import Reservation, RestockAlert, StockItem

FEW_PIECES = 10


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
    """Free pieces by SKU id, all warehouses that ship together; 0 for unknown ones. Queries: 1."""
    ids = list(sku_ids)
    rows = (
        StockItem.objects.of_skus(ids)
        .in_use()
        .order_by()
        .values_list("sku_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
    )
    return {**dict.fromkeys(ids, 0), **dict(rows)}


def stock_badges(product_ids: Iterable[int]) -> dict[int, StockBadge]:
    """The badge of each product. Queries: 1."""
    ids = list(product_ids)
    rows = (
        StockItem.objects.filter(sku__product_id__in=ids, sku__is_active=True)
        .in_use()
        .order_by()
        .values_list("sku__product_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
    )
    badges = {product_id: StockBadge(free) for product_id, free in rows}
    return {product_id: badges.get(product_id, StockBadge()) for product_id in ids}


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
