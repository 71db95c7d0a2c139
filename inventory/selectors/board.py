"""The stock board: every stock row with its level, and how many are low, over or empty.

Source: requirements I-02, I-07.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from catalog.models import Sku
from inventory.models import StockItem
from inventory.models.stock import THRESHOLD

FREE = F("on_hand") - F("reserved")
ZERO = Q(on_hand=F("reserved"))
LOW = Q(on_hand__lt=F("reserved") + THRESHOLD) & ~ZERO
OVER = Q(forecast__overstocked_since__isnull=False)
LEVELS = {"low": LOW, "over": OVER, "zero": ZERO}


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """Stock rows in all, and of each level that asks for a deed; SKUs that have no row at all."""

    rows: int = 0
    low: int = 0
    over: int = 0
    zero: int = 0
    missing: int = 0


def board_rows(
    *, warehouse_id: int | None = None, text: str = "", level: str = ""
) -> QuerySet[StockItem]:
    """Stock rows in use, by SKU code, with forecast, SKU and warehouse; ``level`` of `LEVELS`.

    Queries: 1.
    """
    rows = (
        _shown(warehouse_id, text)
        .select_related("sku__product", "warehouse", "forecast")
        .order_by("sku__code", "warehouse__priority", "pk")
    )
    return rows.filter(LEVELS[level]) if level in LEVELS else rows


def board_counts(*, warehouse_id: int | None = None, text: str = "") -> BoardCounts:
    """How many rows there are, and of each level. Queries: 2."""
    found = _shown(warehouse_id, text).aggregate(
        rows=Count("pk"), **{name: Count("pk", filter=rule) for name, rule in LEVELS.items()}
    )
    return BoardCounts(**found, missing=never_stocked(text=text).count())


def never_stocked(*, text: str = "") -> QuerySet[Sku]:
    """SKUs on sale that no warehouse has ever had, by code: sold out, and no stock row says so.
    A bundle has its parts' stock. Queries: 1.
    """
    rows = StockItem.objects.in_use().filter(sku=OuterRef("pk"))
    skus = Sku.objects.buyable().filter(~Exists(rows), is_bundle=False)
    if text:
        skus = skus.filter(Q(code__istartswith=text) | Q(product__title_zh__icontains=text))
    return skus.select_related("product").order_by("code")


def _shown(warehouse_id: int | None, text: str) -> QuerySet[StockItem]:
    rows = StockItem.objects.in_use()
    if warehouse_id is not None:
        rows = rows.filter(warehouse=warehouse_id)
    if text:
        rows = rows.filter(
            Q(sku__code__istartswith=text) | Q(sku__product__title_zh__icontains=text)
        )
    return rows
