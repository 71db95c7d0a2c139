"""The demo's content files, as data/README.md describes them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DATA, MEDIA = HERE / "data", HERE / "media"

Row = dict[str, Any]


@cache
def read(name: str) -> list[Any]:
    """The rows of ``data/<name>``; nobody may change them."""
    text = (DATA / name).read_text(encoding="utf-8")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines()]
    rows: list[Any] = json.loads(text)
    return rows


def categories() -> Iterator[tuple[Row, Row | None]]:
    """Every category with the one above it, parents first."""

    def below(nodes: list[Row], parent: Row | None) -> Iterator[tuple[Row, Row | None]]:
        for node in nodes:
            yield node, parent
            yield from below(node["children"], node)

    return below(read("categories.json"), None)


def paths() -> dict[str, tuple[str, ...]]:
    """The slugs from the department down to each category."""
    found: dict[str, tuple[str, ...]] = {}
    for node, parent in categories():
        above = found[parent["slug"]] if parent else ()
        found[node["slug"]] = (*above, node["slug"])
    return found
