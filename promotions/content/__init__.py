"""Content pages on paper: kinds of blocks, their fields, who sees them when. No Django here."""

from promotions.content.audience import GUEST, WHO, WINDOW, Audience, Viewer
from promotions.content.blocks import (
    Block,
    fields_of,
    next_edge,
    read_blocks,
    references,
    regions_of,
    segments_of,
    shown,
    texts,
)
from promotions.content.comparing import Change, compare
from promotions.content.defaults import default_home
from promotions.content.fields import (
    Choice,
    Field,
    Instant,
    Link,
    Ref,
    Refs,
    Slug,
    Tiles,
    Whole,
    Words,
    read_instant,
)
from promotions.content.kinds import KINDS, Kind
from promotions.content.problems import BlocksRefused, Problem

__all__ = [
    "GUEST",
    "KINDS",
    "WHO",
    "WINDOW",
    "Audience",
    "Block",
    "BlocksRefused",
    "Change",
    "Choice",
    "Field",
    "Instant",
    "Kind",
    "Link",
    "Problem",
    "Ref",
    "Refs",
    "Slug",
    "Tiles",
    "Viewer",
    "Whole",
    "Words",
    "compare",
    "default_home",
    "fields_of",
    "next_edge",
    "read_blocks",
    "read_instant",
    "references",
    "regions_of",
    "segments_of",
    "shown",
    "texts",
]
