"""Answers that many may share: made once, kept for a minute, gone when what they show changes.

The way of one is told in docs/caching.md. Redis away: nothing is kept, everything is made.
"""

from mall.kernel.caching.changes import (
    CONTENT,
    changed,
    depends_on,
    holds_until,
    is_older_than_change,
    keep,
    kept,
    reading_begins,
    watched,
)
from mall.kernel.caching.edges import first_edge, next_edge, register_edges
from mall.kernel.caching.keeping import Copy, Keeper
from mall.kernel.caching.once import OnceARequest, one_request
from mall.kernel.caching.windows import Window

__all__ = [
    "CONTENT",
    "Copy",
    "Keeper",
    "OnceARequest",
    "Window",
    "changed",
    "depends_on",
    "first_edge",
    "holds_until",
    "is_older_than_change",
    "keep",
    "kept",
    "next_edge",
    "one_request",
    "reading_begins",
    "register_edges",
    "watched",
]
