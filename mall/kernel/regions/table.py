"""The table and its look-ups."""

import csv
import gzip
import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("regions.csv.gz")


class Region(NamedTuple):
    """One place. ``pinyin`` is spaced syllables, empty for streets."""

    code: str
    parent_code: str
    name: str
    pinyin: str


@cache
def _table() -> dict[str, Region]:
    with gzip.open(FILE) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, "utf-8"))
        next(rows)
        return {row[0]: Region(*row) for row in rows}


@cache
def _children() -> dict[str, tuple[Region, ...]]:
    below: dict[str, list[Region]] = {}
    for region in _table().values():
        below.setdefault(region.parent_code, []).append(region)
    return {code: tuple(regions) for code, regions in below.items()}


def find(code: str) -> Region | None:
    """The region of a code, None when there is none."""
    return _table().get(code)


def children(code: str = "") -> tuple[Region, ...]:
    """The regions right below ``code``, in code order; provinces for the empty code."""
    return _children().get(code, ())


def is_deepest(code: str) -> bool:
    """True for a place that an address may name: it exists and has nothing below it."""
    return code in _table() and code not in _children()


def path(code: str) -> list[Region]:
    """From the province down to ``code`` itself; empty for an unknown code."""
    steps: list[Region] = []
    region = find(code)
    while region is not None:
        steps.insert(0, region)
        region = find(region.parent_code)
    return steps


FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def full_name(code: str) -> list[str]:
    """The names of the path as people write them: without the filler 市辖区 of a municipality."""
    return [region.name for region in path(code) if region.name not in FILLERS]


def named(text: str, limit: int = 20) -> list[str]:
    """Codes of the streets and areas whose whole written name (浙江省杭州市西湖区北山街道) begins
    with ``text``; the exact one, if there is one, first."""
    found: list[str] = []
    _walk("", "", text, limit, found)
    return sorted(found, key=lambda code: "".join(full_name(code)) != text)


def _walk(code: str, written: str, text: str, limit: int, found: list[str]) -> None:
    """Follow the names that ``text`` spells, collecting the deepest places below them."""
    below = children(code)
    if not below and written.startswith(text):
        found.append(code)
    for region in below:
        name = written + ("" if region.name in FILLERS else region.name)
        if len(found) < limit and (name.startswith(text) or text.startswith(name)):
            _walk(region.code, name, text, limit, found)


def search(text: str, limit: int = 20) -> list[Region]:
    """Areas and cities whose name, pinyin or initials begin with ``text``; for the address
    picker."""
    wanted = text.strip().lower().replace(" ", "")
    found: list[Region] = []
    for region in _table().values():
        if not wanted or len(found) >= limit:
            break
        initials = "".join(part[:1] for part in region.pinyin.split())
        spelt = region.pinyin.replace(" ", "")
        if len(region.code) in (4, 6) and (
            region.name.startswith(wanted)
            or (spelt and (spelt.startswith(wanted) or initials.startswith(wanted)))
        ):
            found.append(region)
    return found
