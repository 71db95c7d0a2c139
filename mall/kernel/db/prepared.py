"""Reads whose SQL is built once: Django builds a large statement anew at every call, which costs
more processor time than running it.

What it saves is told in docs/performance.md.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import update_wrapper
from threading import local
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, Value, prefetch_related_objects
from django.db.transaction import TransactionManagementError

from mall.kernel.db.locking import LockableQuerySet

MOST_KEPT = 64
"""Values of one list; longer ones are rare, and their statement is built each time."""
Place = tuple[str, int | None]
Params = Mapping[Place, Any]


class Slot(Value):
    """Where a value goes in a statement that is built once. It is built with the first value, for
    its type, and compiled to itself: every call puts its own value in its place."""

    def __init__(self, value: Any, place: Place) -> None:
        super().__init__(value)
        self.place = place

    def as_sql(self, *_compiler: Any) -> tuple[str, list[Any]]:
        """One placeholder, with this slot as its parameter."""
        return "%s", [self]


class _Statement:
    """A queryset that is compiled once, and read again and again with other values."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._queryset = queryset
        self._is_locking = queryset.query.select_for_update
        compiler = queryset.query.get_compiler(using=queryset.db)
        self._sql, self._params = compiler.as_sql()
        self._told: tuple[str, tuple[Any, ...]] = ("", ())
        converters = compiler.get_converters([column[0] for column in compiler.select])
        vars(compiler).update(as_sql=lambda: self._told, get_converters=lambda _columns: converters)
        vars(queryset.query).update(get_compiler=lambda *_args, **_named: compiler)

    def rows(self, values: Params) -> list[Any]:
        """What the queryset would give, with these values in the slots."""
        if self._is_locking and connections[self._queryset.db].get_autocommit():
            raise TransactionManagementError("a lock needs a transaction to be held in")
        params = (values[p.place] if isinstance(p, Slot) else p for p in self._params)
        self._told = (self._sql, tuple(params))
        found = list(self._queryset._iterable_class(self._queryset))  # type: ignore[attr-defined]
        prefetch_related_objects(found, *self._queryset._prefetch_related_lookups)  # type: ignore[attr-defined]
        return found


class _Kept(local):
    """The statements of one thread: a compiler belongs to its connection."""

    def __init__(self) -> None:
        self.by_shape: dict[Hashable, _Statement] = {}


class Prepared:
    """A read whose statement is kept, as a decorator: ``build(*shape, **values)`` gives the
    queryset.

    Values are given by name and stand in the statement as slots, a list as one slot for each of
    its values; None, True and False stand as they are. What the statement's form depends on is
    given by position. ``build`` may depend on nothing else: no language, no settings, no rows.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        update_wrapper(self, build)
        self.build = build
        self._kept = _Kept()

    def __call__(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows. Queries: 1, and those of its prefetches; none where nothing can be found."""
        found: dict[Place, Any] = {}
        slots: dict[str, Any] = {}
        forms: list[Hashable] = []
        for name, value in values.items():
            slots[name], form = _slotted(name, value, found)
            forms.append(form)
        key = (LockableQuerySet.locked, shape, *forms)
        statement = self._kept.by_shape.get(key)
        if statement is None:
            try:
                statement = _Statement(self.build(*shape, **slots))
            except EmptyResultSet:
                return []
            if len(found) <= MOST_KEPT:
                self._kept.by_shape[key] = statement
        return statement.rows(found)

    def one(self, *shape: Hashable, **values: Any) -> Any:
        """The first row, None without one. Queries: as above."""
        return next(iter(self(*shape, **values)), None)


def _slotted(name: str, value: Any, found: dict[Place, Any]) -> tuple[Any, Hashable]:
    """What stands for a value in the statement, and what the statement's form has of it; the value
    goes to its places in ``found``."""
    if value is None or isinstance(value, bool):
        return value, (name, value)
    if isinstance(value, (list, tuple, set, frozenset)):
        places = {(name, number): one for number, one in enumerate(dict.fromkeys(value))}
        found.update(places)
        return [Slot(one, place) for place, one in places.items()], (name, len(places))
    found[name, None] = value
    return Slot(value, (name, None)), (name, type(value))
