"""What a shared answer shows, by tag, and when something of a tag last changed.

A change is an instant, not a count: an answer whose making began before it is old, whichever came
to Redis first. So nothing needs to be read before the making begins, and a lost mark costs a minute
at most.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.core.cache import cache
from django.db import transaction

from mall.kernel import clock

KEPT_SECONDS = 300
"""A mark outlives every answer it could make old."""
SKEW_SECONDS = 0.5
"""Clocks of two hosts may differ by so much: what was made that shortly after a change is made
again."""
_tags: ContextVar[set[str] | None] = ContextVar("tags_of_the_answer", default=None)


@contextmanager
def watched() -> Iterator[set[str]]:
    """Collect the tags of everything that is read in this block."""
    found: set[str] = set()
    token = _tags.set(found)
    try:
        yield found
    finally:
        _tags.reset(token)


def depends_on(*tags: str) -> None:
    """Say that what is being read belongs to ``tags``; costs nothing outside a shared answer."""
    found = _tags.get()
    if found is not None:
        found.update(tags)


def changed(*tags: str) -> None:
    """Make every answer that shows something of ``tags`` old, once this transaction is committed.

    Units: none. Queries: 0. Without Redis nothing is kept, so nothing need be said.
    """
    if tags:
        transaction.on_commit(partial(_mark, sorted(set(tags))), robust=True)


def _mark(tags: Collection[str]) -> None:
    at = clock.now().timestamp()
    cache.set_many({_key(tag): at for tag in tags}, KEPT_SECONDS)


def is_older_than_change(began_at: float, tags: Iterable[str]) -> bool:
    """True when something of ``tags`` changed after the instant, or too shortly before it."""
    marks: dict[str, float] = cache.get_many([_key(tag) for tag in tags])
    return any(at + SKEW_SECONDS > began_at for at in marks.values())


def _key(tag: str) -> str:
    return f"changed:{tag}"
