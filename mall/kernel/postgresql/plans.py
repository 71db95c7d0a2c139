"""Plans that PostgreSQL keeps: planning a read of ten tables costs it several times what running
it does.

A statement of `Prepared` gets a name on each connection that asks for it a third time; Django's log
of statements shows the statement itself. `?prepare=off` in DATABASE_URL switches it off, for a pool
that gives each transaction another connection. Source: docs/adr/0017-plans-are-kept.md.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from psycopg2.errors import FeatureNotSupported, SerializationFailure
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

ASKED_BEFORE = 2
LARGEST = 2**63 - 1
MOST_PLANS = 200
"""On one connection: some 20 MB of its memory at worst."""
CASTS = ((datetime, "::timestamptz"), (date, "::date"), (int, "::bigint"), (UUID, "::uuid"))
"""What psycopg2 writes beside a value of the type, or PostgreSQL sees in it; a text takes the type
of its place, as one that is written does."""


class KeptSql(str):
    """A statement whose plan may be kept: it says which of its parameters change."""

    number: int
    marks: Sequence[str | None]

    @classmethod
    def of(cls, sql: str, types: Sequence[type | None]) -> "KeptSql":
        """``types`` are those of the parameters that change, None for what is part of it."""
        kept = cls(sql)
        kept.number = next(_numbers)
        kept.marks = tuple(_marks(types))
        return kept


_numbers = count(1)


def _marks(types: Sequence[type | None]) -> Iterator[str | None]:
    places = count(1)
    for kind in types:
        if kind is None:
            yield None
            continue
        cast = next((cast for known, cast in CASTS if issubclass(kind, known)), "")
        yield f"${next(places)}{cast}"


class PlanGone(SerializationFailure):
    """A column has another type since the plan was made, and the transaction that met it is lost:
    begun again, as after any failure of its kind, it finds a new plan."""

    pgcode = "40001"


class KeepingConnection(Connection):
    """Knows how often each statement was asked, and under which names they are prepared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[int, int] = {}
        self.names: dict[int, str] = {}
        self.numbers = count(1)


def _fits(values: Sequence[Any]) -> bool:
    """False where a number is too large for its place in a plan: PostgreSQL compares one that is
    written out with any column, and finds nothing."""
    return not any(isinstance(value, int) and abs(value) > LARGEST for value in values)


class KeepingCursor(Cursor):
    """Asks for a `KeptSql` by its name once it has one."""

    connection: KeepingConnection
    _shown: tuple[str, Any] | None = None

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        """As psycopg2's."""
        self._shown = None
        if not isinstance(query, KeptSql):
            super().execute(query, vars)
            return
        self._shown = query, vars
        name = self.connection.names.get(query.number)
        if not _fits(vars):
            super().execute(str(query), vars)
        elif name is not None:
            self._execute_named(query, name, vars)
        elif self._is_due(query.number):
            self._prepare(query, vars)
        else:
            super().execute(str(query), vars)

    @property
    def query(self) -> bytes | None:
        """What was asked, with its values, whatever name it has."""
        return super().query if self._shown is None else self.mogrify(*self._shown)

    def _is_due(self, number: int) -> bool:
        asked = self.connection.asked
        asked[number] = asked.get(number, 0) + 1
        return asked[number] > ASKED_BEFORE and len(self.connection.names) < MOST_PLANS

    def _prepare(self, kept: KeptSql, values: Sequence[Any]) -> None:
        """In one question with its first use. A name whose use fails is not known: it may be there
        or not."""
        places = [
            value if mark is None else AsIs(mark)
            for mark, value in zip(kept.marks, values, strict=True)
        ]
        name = f"mall_{next(self.connection.numbers)}"
        prepare = self.mogrify(f"PREPARE {name} AS {kept}; ", places)
        super().execute(prepare + self._named(kept, name, values))
        self.connection.names[kept.number] = name

    def _execute_named(self, kept: KeptSql, name: str, values: Sequence[Any]) -> None:
        """Raises: PlanGone inside of a transaction; outside of one it is asked without a plan."""
        try:
            super().execute(self._named(kept, name, values))
        except FeatureNotSupported as error:
            self.connection.names.clear()
            if not self.connection.autocommit:
                raise PlanGone(*error.args) from error
            super().execute(str(kept), values)

    def _named(self, kept: KeptSql, name: str, values: Sequence[Any]) -> bytes:
        given = [value for mark, value in zip(kept.marks, values, strict=True) if mark]
        places = f"({', '.join(['%s'] * len(given))})" if given else ""
        return self.mogrify(f"EXECUTE {name}{places}", given)
