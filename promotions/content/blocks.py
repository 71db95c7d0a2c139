"""Reading the blocks of a page: one JSON for the web, the mini-program and the builder.

A block is {"id", "kind", "is_shown", "starts_at", "ends_at", "audience", "settings"}.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from promotions.content.audience import WINDOW, Viewer, check_window, is_for, is_on
from promotions.content.fields import Field, Ref, Refs, Slug, Tiles, Words, read_instant, walk
from promotions.content.fields import read_object as _read_object
from promotions.content.kinds import KINDS, Kind
from promotions.content.problems import BlocksRefused, Path, Problems

Block = dict[str, Any]
BLOCK_ID = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)
MOST_BLOCKS = 40
FRAME = ("id", "kind", "is_shown", "starts_at", "ends_at", "audience", "settings")


def read_blocks(raw: Any) -> list[Block]:
    """The blocks as they are kept: every field there, in one shape. Raises: BlocksRefused."""
    problems = Problems()
    if not isinstance(raw, list):
        problems.add((), "blocks")
        raise BlocksRefused(problems.found)
    if len(raw) > MOST_BLOCKS:
        problems.add((), "too_many", most=MOST_BLOCKS)
    blocks = [_read_block(one, (number,), problems) for number, one in enumerate(raw)]
    _check_once(blocks, problems)
    if problems.found:
        raise BlocksRefused(problems.found)
    return blocks


def _read_block(raw: Any, path: Path, problems: Problems) -> Block:
    if not isinstance(raw, dict):
        problems.add(path, "block")
        return {"id": "", "kind": ""}
    for name in set(raw) - set(FRAME):
        problems.add((*path, str(name)[:40]), "unknown")
    kind = KINDS.get(raw["kind"]) if isinstance(raw.get("kind"), str) else None
    if kind is None:
        problems.add((*path, "kind"), "choice", options=", ".join(KINDS))
        return {"id": "", "kind": ""}
    block_id = raw.get("id")
    if not isinstance(block_id, str) or not BLOCK_ID.fullmatch(block_id):
        problems.add((*path, "id"), "slug")
    window = {field.name: field.take(raw, path, problems) for field in WINDOW}
    check_window(window, path, problems)
    return {
        "id": block_id,
        "kind": kind.name,
        "is_shown": raw.get("is_shown") is not False,
        **window,
        "settings": _read_settings(raw.get("settings"), kind, (*path, "settings"), problems),
    }


def _read_settings(raw: Any, kind: Kind, path: Path, problems: Problems) -> dict[str, Any]:
    if not isinstance(raw, dict):
        problems.add(path, "block")
        raw = {}
    settings = _read_object(raw, kind.fields, path, problems)
    for field in kind.fields:
        if isinstance(field, Tiles) and _has_window(field):
            for number, tile in enumerate(settings[field.name]):
                check_window(tile, (*path, field.name, number), problems)
    return settings


def _has_window(field: Tiles) -> bool:
    return any(one.name == "audience" for one in field.fields)


def _check_once(blocks: Sequence[Block], problems: Problems) -> None:
    """Ids tell blocks apart; some kinds stand on a page once."""
    ids, kinds = set(), set()
    for number, block in enumerate(blocks):
        if block["id"] and block["id"] in ids:
            problems.add((number, "id"), "twice")
        if block["kind"] in kinds and KINDS[block["kind"]].is_single:
            problems.add((number, "kind"), "twice")
        ids.add(block["id"])
        kinds.add(block["kind"])


def shown(blocks: Iterable[Block], viewer: Viewer, at: datetime) -> list[Block]:
    """The blocks that this viewer sees at ``at``, tiles that are over or for others left out."""
    return [
        {**block, "settings": _shown_settings(block, viewer, at)}
        for block in blocks
        if block["is_shown"] and is_on(block, at) and is_for(block, viewer)
    ]


def _shown_settings(block: Block, viewer: Viewer, at: datetime) -> dict[str, Any]:
    settings = dict(block["settings"])
    for field in KINDS[block["kind"]].fields:
        if isinstance(field, Tiles) and _has_window(field):
            settings[field.name] = [
                tile for tile in settings[field.name] if is_on(tile, at) and is_for(tile, viewer)
            ]
    return settings


def next_edge(blocks: Iterable[Block], at: datetime) -> datetime | None:
    """When something on the page next begins or ends; nobody may keep a copy for longer."""
    edges = (
        read_instant(placed[name])
        for block in blocks
        for placed in _placed(block)
        for name in ("starts_at", "ends_at")
    )
    return min((edge for edge in edges if edge is not None and edge > at), default=None)


def _placed(block: Block) -> Iterator[Mapping[str, Any]]:
    """The block and its tiles that have a window of their own."""
    yield block
    for field in KINDS[block["kind"]].fields:
        if isinstance(field, Tiles) and _has_window(field):
            yield from block["settings"][field.name]


def segments_of(blocks: Iterable[Block]) -> set[str]:
    """Codes of the segments that the page asks for."""
    return {
        placed["audience"]["segment"]
        for block in blocks
        for placed in _placed(block)
        if placed["audience"]["segment"]
    }


def regions_of(blocks: Iterable[Block]) -> set[str]:
    """Codes of the region sets that the page asks for."""
    return {
        placed["audience"]["regions"]
        for block in blocks
        for placed in _placed(block)
        if placed["audience"].get("regions")
    }


def fields_of(block: Block) -> Iterator[tuple[Path, Field, Any]]:
    """Every field of a block's settings with its value."""
    return walk(block["settings"], KINDS[block["kind"]].fields)


def references(blocks: Iterable[Block]) -> dict[str, list[Any]]:
    """What the blocks name, by what it is: {"product": [3, 5], "season": ["summer"]}."""
    found: dict[str, dict[Any, None]] = {}
    for block in blocks:
        for _path, field, value in fields_of(block):
            if isinstance(field, Ref | Slug) and value:
                found.setdefault(field.of, {})[value] = None
            elif isinstance(field, Refs):
                found.setdefault(field.of, {}).update(dict.fromkeys(value))
    return {name: list(values) for name, values in found.items()}


def texts(blocks: Iterable[Block]) -> Iterator[tuple[int, str, bool]]:
    """(number of the block from 1, text, whether it is a title) of all that shoppers read."""
    for number, block in enumerate(blocks, start=1):
        for _path, field, value in fields_of(block):
            if isinstance(field, Words):
                yield from ((number, text, field.is_title) for text in value.values() if text)
