"""Stock changes of an imported history: losses and finds, in a warehouse that ships nothing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from inventory.models import StockItem, StockMovement, Warehouse

CODE = "archive"


class PastChange(NamedTuple):
    """Pieces found (positive) or lost (negative) of one SKU, with the row that says so."""

    sku_id: int
    pieces: int
    source_id: str
    at: datetime


@transaction.atomic
def archive_stock_changes(*, changes: Sequence[PastChange], opened_at: datetime) -> int:
    """Write past losses and finds as movements; returns how many were written.

    The history knows no receipts: each SKU opens with the pieces its worst moment needs, so that no
    balance is ever negative. Locks: none, the rows are new. Raises: ValueError for a SKU that has
    stock here.
    """
    warehouse, _made = Warehouse.objects.get_or_create(
        code=CODE,
        defaults={
            "title_zh": "历史仓",
            "title_en": "Past stock",
            "region_code": "31",
            "is_active": False,
            "priority": 999,
        },
    )
    by_sku: dict[int, list[PastChange]] = defaultdict(list)
    for change in sorted(changes, key=lambda one: (one.at, one.source_id)):
        by_sku[change.sku_id].append(change)
    if StockItem.objects.filter(warehouse=warehouse, sku_id__in=by_sku).exists():
        raise ValueError("these goods have past stock already")
    runs = {sku_id: _run(past, opened_at) for sku_id, past in by_sku.items()}
    items = StockItem.objects.bulk_create(
        [
            StockItem(sku_id=sku_id, warehouse=warehouse, on_hand=run[-1].on_hand_after)
            for sku_id, run in runs.items()
        ],
        batch_size=2000,
    )
    movements = []
    for item in items:
        for movement in runs[item.sku_id]:
            movement.item_id = item.pk
            movements.append(movement)
    StockMovement.objects.bulk_create(movements, batch_size=2000)
    return len(movements)


def _run(past: list[PastChange], opened_at: datetime) -> list[StockMovement]:
    lowest = balance = 0
    for change in past:
        balance += change.pieces
        lowest = min(lowest, balance)
    balance, run = 0, []
    opening = PastChange(past[0].sku_id, -lowest, "opening", opened_at)
    for change in ([opening] if lowest else []) + past:
        balance += change.pieces
        kind = StockMovement.Kind.WRITE_OFF if change.pieces < 0 else StockMovement.Kind.COUNT
        if change is opening:
            kind = StockMovement.Kind.RECEIPT
        run.append(
            StockMovement(
                kind=kind,
                delta_on_hand=change.pieces,
                on_hand_after=balance,
                reserved_after=0,
                source_type="import",
                source_id=change.source_id,
                at=change.at,
            )
        )
    return run
