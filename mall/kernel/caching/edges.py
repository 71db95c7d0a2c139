"""The next instant at which something begins or ends by the clock alone: no shared answer lives
past it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F, QuerySet

from mall.kernel.caching.changes import is_older_than_change

Edges = Callable[[datetime], datetime | None]
KNOWN_SECONDS = 5
"""So long an app's next edge is believed, unless one of its tags changed."""
AHEAD = timedelta(minutes=10)
"""Nothing lives so long; what happens later need not be known."""
_readers: dict[str, tuple[Edges, tuple[str, ...]]] = {}


def register_edges(name: str, read: Edges, *, tags: Iterable[str] = ()) -> None:
    """Let ``read(at)`` name the first edge after ``at``; called from ``apps.py``."""
    _readers[name] = (read, tuple(tags))


def first_edge(at: datetime, *columns: tuple[QuerySet[Any], str]) -> datetime | None:
    """The first instant after ``at``, within ten minutes, in any of these columns. Queries: 1."""
    first, *others = [
        rows.filter(**{f"{name}__gt": at, f"{name}__lte": at + AHEAD})
        .annotate(edge=F(name))
        .order_by("edge")
        .values_list("edge", flat=True)[:1]
        for rows, name in columns
    ]
    return min(first.union(*others, all=True), default=None)


def next_edge(at: datetime) -> datetime | None:
    """The first edge after ``at`` of all apps. Queries: 1 an app, none within 5 seconds."""
    found = [edge for name in _readers if (edge := _edge(name, at)) is not None]
    return min(found, default=None)


def _edge(name: str, at: datetime) -> datetime | None:
    read, tags = _readers[name]
    key, now = f"edge:{name}", at.timestamp()
    if (known := cache.get(key)) is not None:
        asked_at, edge = known
        is_ahead = asked_at <= now and (edge is None or edge > now)
        if is_ahead and not is_older_than_change(asked_at, tags):
            return None if edge is None else datetime.fromtimestamp(edge, UTC)
    found = read(at)
    cache.set(key, (now, found and found.timestamp()), KNOWN_SECONDS)
    return found
