"""Reads whose SQL is built once: Django builds a large statement anew at every call, which costs
more processor time than running it.

What it saves is told in docs/performance.md.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from threading import local
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from mall.kernel.db.locking import LockableQuerySet
from mall.kernel.postgresql.plans import KeptSql

MOST_KEPT = 64
"""Values in all; larger reads are rare, and their statement is built each time."""
MOST_FORMS = 128
"""Of one read: the numbers of values are the client's to choose, and a form may take 80 kB."""
FIRST_NUMBER = -(2**40)
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
WORD = "\x02stands for "
KINDS = (int, str, date, UUID)
"""What values may be; an instant is a day to Python."""
SPOILT = "a statement that is kept may compute nothing of the values given"
PREFETCHED = "what is prefetched is another statement, and its values would stay the first ones"


class _Place(NamedTuple):
    """Where a value goes among the parameters: its number among the values given."""

    number: int


class _Statement:
    """A queryset that is compiled once, and read again and again with other values."""

    def __init__(
        self, queryset: QuerySet[Any], stand_ins: Sequence[Any], *, keeps_plan: bool
    ) -> None:
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError(PREFETCHED)
        self._is_locking = queryset.query.select_for_update
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        self._params = _with_places(params, stand_ins)
        self._sql = self._with_plan(sql, stand_ins) if keeps_plan else sql
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        self._belongs_to(queryset, compiler)

    def _with_plan(self, sql: str, stand_ins: Sequence[Any]) -> KeptSql:
        places = (p.number if isinstance(p, _Place) else None for p in self._params)
        return KeptSql.of(sql, [None if n is None else type(stand_ins[n]) for n in places])

    def of_this_thread(self) -> Self:
        """The same statement on the connection of the thread that asks: a compiler has one."""
        return self._on(connections[self._queryset.db])

    def of_no_thread(self) -> Self:
        """The same statement to be kept: with a connection it would hold that open for good."""
        return self._on(None)

    def _on(self, connection: Any) -> Self:
        twin = copy(self)
        compiler = copy(self._compiler)
        compiler.connection = connection
        twin._belongs_to(self._queryset.all(), compiler)
        return twin

    def _belongs_to(self, queryset: QuerySet[Any], compiler: SQLCompiler) -> None:
        self._told: tuple[str, tuple[Any, ...]] = ("", ())
        self._queryset, self._compiler = queryset, compiler
        vars(compiler).update(
            query=queryset.query,
            execute_sql=lambda **_asked: self._fetched(),
            results_iter=lambda found=None, **_asked: self._fetched() if found is None else found,
        )
        vars(queryset.query).update(get_compiler=lambda *_args, **_named: compiler)

    def _fetched(self) -> Iterator[tuple[Any, ...]]:
        """The rows of the database, without the ways of a compiler that knows neither statement
        nor columns before."""
        compiler = self._compiler
        with compiler.connection.cursor() as cursor:
            cursor.execute(*self._told)
            found = cursor.fetchall()
        if compiler.has_extra_select:  # columns that are there for the order alone
            found = [row[: compiler.col_count] for row in found]
        if self._converters:
            return map(tuple, compiler.apply_converters(found, self._converters))
        return iter(found)

    def told(self, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """The statement with these values as its parameters."""
        params = (values[p.number] if isinstance(p, _Place) else p for p in self._params)
        return self._sql, tuple(params)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """What the queryset would give if it was built with these values."""
        if self._is_locking and connections[self._queryset.db].get_autocommit():
            raise TransactionManagementError("a lock needs a transaction to be held in")
        self._told = self.told(values)
        read: Any = self._queryset._iterable_class
        return list(read(self._queryset))


class _Kept(local):
    """The statements of one thread: a compiler belongs to its connection."""

    def __init__(self) -> None:
        self.by_form: dict[Hashable, _Statement] = {}


class Prepared:
    """A read whose statement is kept, as a decorator of what builds its queryset.

    Values are given by name: whole numbers, texts, instants, days, UUIDs, and collections of
    these. The queryset is built with stand-ins for them, once for each number of values; None, True
    and False stand for themselves, but not in a collection. Whatever else its form depends on is
    given by position. What builds it may look at nothing besides, no language, no settings, no
    rows; it uses every value and computes nothing of one. PostgreSQL keeps its plan too
    (`mall.kernel.postgresql`).
    """

    keeps_plan = True

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        update_wrapper(self, build)
        self.build = build
        self._kept = _Kept()
        self._built_once: dict[Hashable, _Statement] = {}

    def __call__(self, *form: Hashable, **given: Any) -> list[Any]:
        """The rows. Queries: 1, none where nothing can be found."""
        statement, values = self._asked(form, given)
        return [] if statement is None else statement.rows(values)

    def told(self, *form: Hashable, **given: Any) -> tuple[str, tuple[Any, ...]]:
        """The statement and its parameters, for a larger one that it is a part of. Queries: 0.

        Raises: EmptyResultSet where nothing can be found.
        """
        statement, values = self._asked(form, given)
        if statement is None:
            raise EmptyResultSet
        return statement.told(values)

    def _asked(
        self, form: Sequence[Hashable], given: dict[str, Any]
    ) -> tuple[_Statement | None, list[Any]]:
        values: list[Any] = []
        forms = [_noted(name, value, values) for name, value in given.items()]
        key = (LockableQuerySet.locked, form, *forms)  # a control without locks has another
        statement = self._kept.by_form.get(key)
        if statement is None:
            statement = self._first(key, form, given, is_kept=len(values) <= MOST_KEPT)
        return statement, values

    def one(self, *form: Hashable, **given: Any) -> Any:
        """The first row, None without one. Queries: as above."""
        return next(iter(self(*form, **given)), None)

    def _first(
        self, key: Hashable, form: Sequence[Hashable], given: dict[str, Any], *, is_kept: bool
    ) -> _Statement | None:
        """A statement that this thread has not asked yet; None where nothing can be found."""
        shared = self._built_once.get(key)
        try:
            statement = shared.of_this_thread() if shared else self._built(form, given, is_kept)
        except EmptyResultSet:
            if not any(_is_nothing(value) for value in given.values()):
                raise ValueError(SPOILT) from None
            return None
        if is_kept:
            _keep(self._kept.by_form, key, statement)
            if shared is None:
                _keep(self._built_once, key, statement.of_no_thread())
        return statement

    def _built(self, form: Sequence[Hashable], given: dict[str, Any], is_kept: bool) -> _Statement:
        stand_ins: list[Any] = []
        shown = {name: _stood_in(value, stand_ins) for name, value in given.items()}
        queryset = self.build(*form, **shown)
        return _Statement(queryset, stand_ins, keeps_plan=self.keeps_plan and is_kept)


class Replanned(Prepared):
    """One whose best plan depends on its values: a word that one in eight goods has is not looked
    for as one that three have."""

    keeps_plan = False


def _keep(kept: dict[Hashable, _Statement], key: Hashable, statement: _Statement) -> None:
    """Put a statement to the others, which are built anew when they get too many."""
    if len(kept) >= MOST_FORMS:
        kept.clear()
    kept[key] = statement


def _is_many(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))


def _is_nothing(value: Any) -> bool:
    """True for what may rule every row out."""
    return value is None or (_is_many(value) and not value)


def _noted(name: str, value: Any, values: list[Any]) -> Hashable:
    """What a statement's form has of a value; the value itself is put to the ``values``."""
    if value is None or isinstance(value, bool):
        return name, value
    if _is_many(value):
        values.extend(value)
        return name, tuple(map(type, value))
    values.append(value)
    return name, type(value)


def _stood_in(value: Any, stand_ins: list[Any]) -> Any:
    """What the queryset is built with in place of a value, in the order of `_noted`."""
    if value is None or isinstance(value, bool):
        return value
    first = len(stand_ins)
    for number, one in enumerate(value if _is_many(value) else [value], first):
        stand_ins.append(_stand_in(one, number))
    return stand_ins[first:] if _is_many(value) else stand_ins[first]


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that nobody has."""
    if isinstance(value, int):
        return FIRST_NUMBER + number
    if isinstance(value, str):
        return f"{WORD}{number}"
    if isinstance(value, datetime):
        return LONG_AGO + timedelta(days=number)
    if isinstance(value, date):
        return LONG_AGO.date() + timedelta(days=number)
    if isinstance(value, UUID):
        return UUID(int=number)
    raise TypeError(f"nothing stands in for {type(value).__name__}")


def _with_places(params: Sequence[Any], stand_ins: Sequence[Any]) -> list[Any]:
    """The parameters with the places of the stand-ins among them. Raises: ValueError where one has
    become something else, or got lost."""
    places = {stand_in: _Place(number) for number, stand_in in enumerate(stand_ins)}
    found = [places.get(p, p) if isinstance(p, KINDS) else p for p in params]
    is_lost = any(place not in found for place in places.values())
    if is_lost or any(_is_of_stand_in(param) for param in found):
        raise ValueError(SPOILT)
    return found


def _is_of_stand_in(param: Any) -> bool:
    """True for what can only come of a stand-in."""
    if isinstance(param, int):
        return param < FIRST_NUMBER // 2
    if isinstance(param, date):
        return param.year < 1000
    return isinstance(param, str) and WORD in param
