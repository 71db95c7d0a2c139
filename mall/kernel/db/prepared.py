"""Reads whose SQL is built once: Django builds a large query anew at every call, which costs more
processor time than running it.

What it saves is told in docs/performance.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from threading import local
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

MOST_KEPT = 64
"""Ids; larger reads are rare, and built each time."""
FIRST_ID = -(2**40)
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


class _Built(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    names: list[str]
    compiler: Any


class _Kept(local):
    """The statements of one thread by their number of ids: a compiler belongs to its connection."""

    def __init__(self) -> None:
        self.by_number: dict[int, _Built] = {}


class PreparedRows:
    """``build(ids, at)`` gives a queryset of values for some ids at an instant. Its statement is
    kept for each number of ids, with stand-ins for them and for the instant.

    ``build`` may depend on nothing else: no language, no settings, no rows.
    """

    def __init__(self, build: Callable[[Sequence[int], datetime], QuerySet[Any]]) -> None:
        self._build = build
        self._kept = _Kept()

    def rows(self, ids: Iterable[int], at: datetime) -> list[dict[str, Any]]:
        """The rows of ``build(ids, at)``. Queries: 1, none without ids."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        built = self._built(len(wanted))
        known: Mapping[Any, Any] = {
            LONG_AGO: at,
            **{FIRST_ID + place: value for place, value in enumerate(wanted)},
        }
        params = [
            known.get(param, param) if isinstance(param, (int, datetime)) else param
            for param in built.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(built.sql, params)
            found = cursor.fetchall()
        rows = built.compiler.results_iter([found])
        return [dict(zip(built.names, row, strict=True)) for row in rows]

    def _built(self, number: int) -> _Built:
        """One statement a thread and number of ids."""
        kept = self._kept.by_number
        if number in kept:
            return kept[number]
        query = self._build([FIRST_ID + place for place in range(number)], LONG_AGO).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = [*query.values_select, *query.annotation_select]
        built = _Built(sql, tuple(params), list(query.selected or names), compiler)
        if number <= MOST_KEPT:
            kept[number] = built
        return built
