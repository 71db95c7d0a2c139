"""A listing's score out of its parts, and what it lacks. Source: requirements C-35, C-36."""

import dataclasses
from enum import StrEnum

from catalog.pricing import spread_is_too_wide
from catalog.quality.title import FULL, grade_title

FULL_BP = 10_000
USUAL_EMPTY_BP = 2_000
ENOUGH_PICTURES = 5
ENOUGH_BLOCKS = 3
DEEPEST_LEVEL = 3
USUAL_SPREAD_BP = 30_000

WEIGHTS = {
    "title": 25,
    "attributes": 20,
    "category": 5,
    "pictures": 20,
    "video": 5,
    "blocks": 15,
    "gradient": 10,
}
"""Points of each part; they add up to 100."""


class Flag(StrEnum):
    """What a listing lacks."""

    ATTRIBUTES = "attributes_empty"
    PICTURES = "few_pictures"
    VIDEO = "no_video"
    BLOCKS = "few_blocks"
    GRADIENT = "wide_spread"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A product as far as its page can be judged. ``level`` is its category's, 1 to 3."""

    title: str
    core_words: frozenset[str] = frozenset()
    attribute_words: frozenset[str] = frozenset()
    attribute_fields: int = 0
    attributes_filled: int = 0
    most_empty_bp: int = USUAL_EMPTY_BP
    level: int = DEEPEST_LEVEL
    pictures: int = 0
    videos: int = 0
    blocks: int = 0
    prices: tuple[int, ...] = ()
    spread_bp: int = USUAL_SPREAD_BP


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """0 to 100; ``flags`` are codes of `Flag` and of the title's `Hint`."""

    score: int
    flags: tuple[str, ...]


def grade(listing: Listing) -> Grade:
    """Grade a listing: every part gives its share of the points, cut to whole ones at the end."""
    title = grade_title(
        listing.title, core_words=listing.core_words, attribute_words=listing.attribute_words
    )
    is_too_wide = spread_is_too_wide(listing.prices, listing.spread_bp)
    shares = {
        "title": (title.score, FULL),
        "attributes": (listing.attributes_filled, listing.attribute_fields),
        "category": (listing.level, DEEPEST_LEVEL),
        "pictures": (listing.pictures, ENOUGH_PICTURES),
        "video": (listing.videos, 1),
        "blocks": (listing.blocks, ENOUGH_BLOCKS),
        "gradient": (0 if is_too_wide else 1, 1),
    }
    points = sum(_points(WEIGHTS[name], *share) for name, share in shares.items())
    found = {
        Flag.ATTRIBUTES: is_too_empty(
            listing.attributes_filled, listing.attribute_fields, listing.most_empty_bp
        ),
        Flag.PICTURES: listing.pictures < ENOUGH_PICTURES,
        Flag.VIDEO: not listing.videos,
        Flag.BLOCKS: listing.blocks < ENOUGH_BLOCKS,
        Flag.GRADIENT: is_too_wide,
    }
    flags = [str(flag) for flag, is_lacking in found.items() if is_lacking]
    return Grade(points // FULL, (*flags, *(str(hint) for hint in title.hints)))


def is_too_empty(filled: int, fields: int, most_empty_bp: int = USUAL_EMPTY_BP) -> bool:
    """True when a larger share of the attribute fields is empty than may be: at 20 % 3 of 10 are,
    2 of 10 are not."""
    return (fields - filled) * FULL_BP > fields * most_empty_bp


def _points(weight: int, part: int, whole: int) -> int:
    """Hundredths of points: the weight's share, all of it where nothing is asked."""
    return weight * FULL * min(part, whole) // whole if whole else weight * FULL
