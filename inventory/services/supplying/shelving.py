"""A supplier's pieces on our shelf: what it told us less the buffer, through booked movements.

Pieces promised to orders stay: what is on hand never falls under what is reserved. Source: I-06,
I-32, I-51.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from inventory.models import StockItem, StockMovement, Supplier, SupplierSku, Warehouse
from inventory.scoring import Figures, is_stale, sellable
from inventory.services.booking import Change, Slip, book, mark_products
from inventory.services.receiving import stock_rows

SYNC = "supplier_sync"


def target_of(goods: SupplierSku, at: datetime, stale_minutes: int) -> int:
    """Pieces that may lie on the shelf for one SKU of a supplier."""
    if not goods.is_active or goods.synced_at is None:
        return 0
    figures = Figures(goods.synced_stock, goods.buffer, goods.least_stock, goods.stops_when_low)
    return sellable(figures, stale=is_stale(goods.synced_at, at, stale_minutes))


def place_on_shelf(
    house: Warehouse, targets: Mapping[int, int], reference: str, at: datetime
) -> int:
    """Bring the stock rows of ``targets`` (SKU id -> pieces) to what they say; returns how many
    moved. Locks: the stock rows, pk order. Queries: 2, and 2 to 4 when something moves."""
    items = stock_rows(house.pk, targets)
    was_free = {item.pk: bool(item.available) for item in items}
    changes = {
        item.pk: Change(on_hand=difference)
        for item in items
        if (difference := _difference(item, targets[item.sku_id]))
    }
    if changes:
        book(items, changes, Slip(StockMovement.Kind.SYNC, SYNC, reference, at))
        mark_products(i.sku_id for i in items if was_free[i.pk] != bool(i.available))
    return len(changes)


def _difference(item: StockItem, target: int) -> int:
    return max(target, item.reserved) - item.on_hand


def house_of(supplier: Supplier) -> Warehouse | None:
    """Where its pieces lie. Queries: 1."""
    return Warehouse.objects.filter(supplier=supplier).first()


def misplaced(
    house: Warehouse, goods: Sequence[SupplierSku], at: datetime, stale_minutes: int
) -> dict[int, int]:
    """Targets (SKU id -> pieces) of the rows that do not hold them. Queries: 1."""
    targets = {one.sku_id: target_of(one, at, stale_minutes) for one in goods}
    rows = {
        item.sku_id: item
        for item in StockItem.objects.filter(warehouse=house, sku__in=list(targets))
    }
    return {
        sku_id: target
        for sku_id, target in targets.items()
        if (_difference(rows[sku_id], target) if sku_id in rows else target)
    }
