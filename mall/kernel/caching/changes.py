"""What a shared answer shows, by tag, and when something of a tag last changed.

A change is an instant, not a count: an answer whose making began before it is old, whichever came
to Redis first. So nothing needs to be read before the making begins, and a lost mark costs a minute
at most.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from mall.kernel import clock

CONTENT = "content"
"""What operators placed on pages, and what stands on every page."""
KEPT_SECONDS = 300
"""A mark outlives every answer it could make old."""
SKEW_SECONDS = 0.5
"""Clocks of two hosts may differ by so much: what was made that shortly after a change is made
again."""


@dataclass(slots=True)
class Watch:
    """What was read for an answer: its tags, and the first instant at which it reads otherwise."""

    tags: set[str] = field(default_factory=set)
    until: datetime | None = None


_watch: ContextVar[Watch | None] = ContextVar("watch_of_the_answer", default=None)


@contextmanager
def watched() -> Iterator[Watch]:
    """Collect what is said of everything that is read in this block."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def depends_on(*tags: str) -> None:
    """Say that what is being read belongs to ``tags``; costs nothing outside a shared answer."""
    watch = _watch.get()
    if watch is not None:
        watch.tags.update(tags)


def holds_until(*instants: datetime | None) -> None:
    """Say that what is being read changes by the clock at the first of ``instants``, which lie
    ahead."""
    watch = _watch.get()
    if watch is not None:
        known = [instant for instant in (watch.until, *instants) if instant is not None]
        watch.until = min(known, default=None)


def changed(*tags: str) -> None:
    """Make every answer that shows something of ``tags`` old, once this transaction is committed.

    Units: none. Queries: 0. Without Redis nothing is kept, so nothing need be said.
    """
    if tags:
        transaction.on_commit(lambda: _mark(set(tags)), robust=True)


def _mark(tags: Collection[str]) -> None:
    at = clock.now().timestamp()
    cache.set_many({_key(tag): at for tag in tags}, KEPT_SECONDS)


def reading_begins() -> float:
    """The instant before something is read that is to be kept: give it to `is_older_than_change`
    before keeping it."""
    return clock.now().timestamp()


def is_older_than_change(began_at: float, tags: Iterable[str]) -> bool:
    """True when something of ``tags`` changed after the instant, or too shortly before it."""
    marks: dict[str, float] = cache.get_many([_key(tag) for tag in tags])
    return any(at + SKEW_SECONDS > began_at for at in marks.values())


def keep(key: str, found: Any, *, began_at: float, tags: Sequence[str], seconds: int) -> None:
    """Keep what was read since ``began_at``, unless something of its tags has changed meanwhile:
    then the next one reads. Copies outlive a release: another form of ``found`` needs another
    key."""
    if not is_older_than_change(began_at, tags):
        cache.set(key, (began_at, found), seconds)


def kept(key: str, *, tags: Sequence[str]) -> Any:
    """What was kept; None when there is none, or something of its tags has changed since. One way
    to Redis."""
    marks = [_key(tag) for tag in tags]
    there = cache.get_many([key, *marks])
    if key not in there:
        return None
    began_at, found = there[key]
    is_old = any(there[mark] + SKEW_SECONDS > began_at for mark in marks if mark in there)
    return None if is_old else found


def _key(tag: str) -> str:
    return f"changed:{tag}"
