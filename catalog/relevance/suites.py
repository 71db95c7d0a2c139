"""The judged queries: class, query and the codes of the goods that answer it, best known by hand.

Written and judged before the search was tuned (README.md says by whom and what they had seen).
A third, fixed by the hash of the query, is untouched: nobody looks at it while tuning.
Source: issue 5, relevance suite.
"""

import csv
import enum
import hashlib
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
CLASSES = (
    "known_item",
    "attribute_noun",
    "category_word",
    "synonym",
    "pinyin",
    "initials",
    "typo",
    "mixed",
    "script",
    "none",
)
PARTS = 3


class Part(enum.StrEnum):
    """Which part of the suite a query belongs to."""

    TUNED = "tuned"
    UNTOUCHED = "untouched"


class Judged(NamedTuple):
    """One query; no relevant codes: nothing in the shop answers it."""

    kind: str
    query: str
    relevant: frozenset[str]

    @property
    def part(self) -> Part:
        """The part, by the hash of the query."""
        return part_of(self.query)


def part_of(query: str) -> Part:
    """One query in three is never looked at while tuning."""
    first = hashlib.sha256(query.encode()).digest()[0]
    return Part.TUNED if first % PARTS else Part.UNTOUCHED


def read_suite(name: str) -> list[Judged]:
    """The queries of ``demo`` or ``litemall``."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Judged(kind, query, frozenset(codes.split())) for kind, query, codes in rows]
