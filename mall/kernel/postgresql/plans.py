"""Plans that PostgreSQL keeps: planning a read of ten tables costs it several times what running
it does.

A statement of `Prepared` gets a name on each connection that asks for it a third time within five
seconds, and loses it after them; Django's log of statements shows the statement itself.
`?prepare=off` in DATABASE_URL switches it off, for a pool that gives each transaction another
connection. Source: docs/adr/0017-plans-are-kept.md.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count
from time import monotonic
from typing import Any
from uuid import UUID

from psycopg2 import ProgrammingError
from psycopg2.errors import FeatureNotSupported, SerializationFailure
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

ASKED_BEFORE = 2
KEPT_SECONDS = 5.0
"""How long: a plan made while a table was empty reads it from end to end when it is full. Orders
beside an import of 1,000 goods took 20 times as long with plans that were kept for a minute."""
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
    """Knows how often each statement was asked lately, and under which names they are prepared.

    ``given`` counts the names of these five seconds, also those that are not known any more: the
    database has them until all are let go.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[int, int] = {}
        self.names: dict[int, str] = {}
        self.numbers = count(1)
        self.given = 0
        self.fresh_until = 0.0
        self.has_stale = False

    def name_of(self, number: int) -> str | None:
        """The name of a statement that was prepared lately."""
        if monotonic() >= self.fresh_until:
            self.has_stale = self.has_stale or self.given > 0
            self.given = 0
            self.names.clear()
            self.asked.clear()
            self.fresh_until = monotonic() + KEPT_SECONDS
        return self.names.get(number)


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
        name = self.connection.name_of(query.number)
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
        return asked[number] > ASKED_BEFORE and self.connection.given < MOST_PLANS

    def _prepare(self, kept: KeptSql, values: Sequence[Any]) -> None:
        """In one question with its first use. A name whose use fails is not known: it may be there
        or not."""
        places = [
            value if mark is None else AsIs(mark)
            for mark, value in zip(kept.marks, values, strict=True)
        ]
        name = f"mall_{next(self.connection.numbers)}"
        prepare = self.mogrify(f"PREPARE {name} AS {kept}; ", places)
        before = b"DEALLOCATE ALL; " if self.connection.has_stale else b""
        self.connection.given += 1
        super().execute(before + prepare + self._named(kept, name, values))
        self.connection.has_stale = False
        self.connection.names[kept.number] = name

    def _execute_named(self, kept: KeptSql, name: str, values: Sequence[Any]) -> None:
        """What was sound when it got its name is so no more where its tables have changed: asked
        anew, it says for itself whether it still makes sense.

        Raises: PlanGone inside of a transaction; outside of one it is asked without a plan.
        """
        asked = self._named(kept, name, values)
        try:
            super().execute(asked)
        except (FeatureNotSupported, ProgrammingError) as error:
            self.connection.names.clear()
            if not self.connection.autocommit:
                raise PlanGone(*error.args) from error
            super().execute(str(kept), values)

    def _named(self, kept: KeptSql, name: str, values: Sequence[Any]) -> bytes:
        given = [value for mark, value in zip(kept.marks, values, strict=True) if mark]
        places = f"({', '.join(['%s'] * len(given))})" if given else ""
        return self.mogrify(f"EXECUTE {name}{places}", given)
