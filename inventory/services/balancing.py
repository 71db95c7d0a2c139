"""Drafting transfers for warehouses that are short while another has more than it needs (I-11)."""

from datetime import datetime

from inventory.forecast import Level, balance
from inventory.models import StockItem, Warehouse
from inventory.services.transferring import draft_transfer

MOST_ROWS = 2_000


def suggest_transfers(at: datetime) -> int:
    """Draft a transfer for each short row that another warehouse of ours can help.

    A row has one draft at a time, and none while enough is on its way. Returns the drafts asked
    for. Queries: 2, and 3 a new draft.
    """
    ours = StockItem.objects.in_use().exclude(warehouse__kind=Warehouse.Kind.SUPPLIER)
    short = list(ours.below_safety().order_by("pk").values_list("sku_id", flat=True)[:MOST_ROWS])
    rows = ours.of_skus(short).order_by("pk")
    moves = balance(
        Level(
            item.pk,
            item.sku_id,
            item.warehouse_id,
            item.available,
            item.in_transit,
            item.threshold,
        )
        for item in rows
    )
    for move in moves:
        draft_transfer(
            origin_id=move.origin_id,
            target_id=move.target_id,
            pieces={move.sku_id: move.pieces},
            cause=f"short:{move.short_item_id}",
            at=at,
        )
    return len(moves)
