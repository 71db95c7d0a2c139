"""What changed between two versions of a page, block by block."""

from collections.abc import Sequence
from dataclasses import dataclass

from promotions.content.blocks import Block

ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One block: what happened to it, its place before and after (from 1), fields that differ."""

    deed: str
    kind: str
    before: int | None = None
    after: int | None = None
    fields: tuple[str, ...] = ()


def compare(old: Sequence[Block], new: Sequence[Block]) -> list[Change]:
    """The changes from ``old`` to ``new``, in the new order, removed blocks last."""
    places = {block["id"]: number for number, block in enumerate(old, start=1)}
    kept = [block["id"] for block in new if block["id"] in places]
    still = _in_order([places[block_id] for block_id in kept])
    changes: list[Change] = []
    for number, block in enumerate(new, start=1):
        before = places.get(block["id"])
        if before is None:
            changes.append(Change(ADDED, block["kind"], after=number))
            continue
        if before not in still:
            changes.append(Change(MOVED, block["kind"], before, number))
        if fields := _differing(old[before - 1], block):
            changes.append(Change(CHANGED, block["kind"], before, number, fields))
    gone = {block["id"] for block in new}
    changes += [
        Change(REMOVED, block["kind"], before=number)
        for number, block in enumerate(old, start=1)
        if block["id"] not in gone
    ]
    return changes


def _in_order(places: Sequence[int]) -> set[int]:
    """The longest run of places that kept their order: only the others were moved."""
    best: list[list[int]] = []
    for place in places:
        before = max((run for run in best if run[-1] < place), key=len, default=[])
        best.append([*before, place])
    longest: list[int] = max(best, key=len, default=[])
    return set(longest)


def _differing(old: Block, new: Block) -> tuple[str, ...]:
    frame = ("is_shown", "starts_at", "ends_at", "audience")
    names = [name for name in frame if old[name] != new[name]]
    keys = dict.fromkeys((*old["settings"], *new["settings"]))
    names += [key for key in keys if old["settings"].get(key) != new["settings"].get(key)]
    return tuple(names)
