"""Which warehouse gives what to which line of an order. Pure: decides over numbers, in memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shelf:
    """Free pieces of one SKU in one warehouse. Smaller ``rank`` ships first."""

    item_id: int
    sku_id: int
    free: int
    rank: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """So many pieces for one line from one shelf."""

    line_key: str
    item_id: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A SKU of which fewer pieces are free, in all warehouses together, than the lines want."""

    sku_id: int
    available: int


def allot(wanted: Mapping[str, tuple[int, int]], shelves: Iterable[Shelf]) -> list[Pick] | Shortage:
    """Give every line (key -> SKU id, pieces) its pieces, or say what is short: all or nothing.

    A line comes whole from the first warehouse that has it whole; only when none has is it split.
    """
    by_sku: dict[int, list[Shelf]] = defaultdict(list)
    for shelf in sorted(shelves, key=lambda shelf: shelf.rank):
        by_sku[shelf.sku_id].append(shelf)
    free = {shelf.item_id: shelf.free for shelves in by_sku.values() for shelf in shelves}
    picks: list[Pick] = []
    for line_key, (sku_id, pieces) in wanted.items():
        taken = _take(by_sku[sku_id], free, pieces)
        if taken is None:
            return Shortage(sku_id, sum(shelf.free for shelf in by_sku[sku_id]))
        for item_id, part in taken:
            free[item_id] -= part
            picks.append(Pick(line_key, item_id, part))
    return picks


def _take(
    shelves: Sequence[Shelf], free: Mapping[int, int], pieces: int
) -> list[tuple[int, int]] | None:
    for shelf in shelves:
        if free[shelf.item_id] >= pieces:
            return [(shelf.item_id, pieces)]
    taken: list[tuple[int, int]] = []
    for shelf in shelves:
        part = min(free[shelf.item_id], pieces)
        if part:
            taken.append((shelf.item_id, part))
            pieces -= part
    return taken if not pieces else None
