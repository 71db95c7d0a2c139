"""Which warehouse can help one that is short, before anything is bought. Source: I-11."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """Free pieces of one stock row, those on their way to it, and what it wants to keep."""

    item_id: int
    sku_id: int
    warehouse_id: int
    free: int
    in_transit: int
    threshold: int

    @property
    def lacking(self) -> int:
        """Pieces under the threshold, those on their way counted in."""
        return max(self.threshold - self.free - self.in_transit, 0)

    @property
    def surplus(self) -> int:
        """Pieces that it can do without: what is free above twice its threshold."""
        return max(self.free - 2 * self.threshold, 0)


@dataclass(frozen=True, slots=True)
class Move:
    """Pieces that one stock row should get from another warehouse."""

    short_item_id: int
    sku_id: int
    origin_id: int
    target_id: int
    pieces: int


def balance(levels: Iterable[Level]) -> list[Move]:
    """At most one move for each short row: from the warehouse with the most to spare.

    Pieces are given once; a helper that could not cover the whole lack gives what it can spare.
    """
    rows = list(levels)
    left = {row.item_id: row.surplus for row in rows}
    moves = []
    for short in sorted(rows, key=lambda row: (-row.lacking, row.item_id)):
        helpers = [
            row
            for row in rows
            if row.sku_id == short.sku_id and row.warehouse_id != short.warehouse_id
        ]
        best = max(helpers, key=lambda row: (left[row.item_id], -row.item_id), default=None)
        if best is None or not short.lacking or not left[best.item_id]:
            continue
        pieces = min(short.lacking, left[best.item_id])
        left[best.item_id] -= pieces
        moves.append(
            Move(short.item_id, short.sku_id, best.warehouse_id, short.warehouse_id, pieces)
        )
    return moves
