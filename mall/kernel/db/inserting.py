"""INSERTs whose SQL is built once a model and number of rows: Django builds each anew, which costs
more processor time than running it.

The SQL is Django's, and so is what becomes of each value on its way into a column. Values are
values here, never expressions. What it saves is told in docs/performance.md.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

Insert = tuple[str, tuple[Any, ...]]
MOST_KEPT = 64
"""Rows; more at once are rare, and their statement is built each time."""


class _Empty:
    """A row without a value: what a statement is built with, as its SQL is the same for all."""

    def __getattr__(self, _name: str) -> None:
        return None


class _Form:
    """How so many rows of a model are inserted: the statement, and in which order it takes
    values."""

    def __init__(
        self, model: type[models.Model], number: int, *, skips_conflicts: bool, gives_keys: bool
    ) -> None:
        fields = [field for field in model._meta.local_concrete_fields if _is_given(field)]
        self._plain = [(field, _plain_type(field)) for field in fields]
        query = InsertQuery(model, on_conflict=OnConflict.IGNORE if skips_conflicts else None)
        stand_ins: list[Any] = [_Empty() for _n in range(number)]
        query.insert_values(fields, stand_ins, raw=True)
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [model._meta.pk] if gives_keys else None
        [(self._sql, params)] = compiler.as_sql()
        self._is_by_column = isinstance(params[0], list)

    def filled(self, rows: Sequence[models.Model]) -> Insert:
        """The statement with the values of these rows."""
        values = [[_value(field, plain, row) for row in rows] for field, plain in self._plain]
        if self._is_by_column:
            return self._sql, tuple(values)
        return self._sql, tuple(value for row in zip(*values, strict=True) for value in row)


_kept: dict[tuple[type[models.Model], int, bool, bool], _Form] = {}


def insert_of(
    rows: Sequence[models.Model], *, skips_conflicts: bool = False, gives_keys: bool = False
) -> Insert:
    """The statement that inserts rows of one model, with its values. ``gives_keys`` returns what
    the database counted."""
    key = (type(rows[0]), len(rows), skips_conflicts, gives_keys)
    form = _kept.get(key)
    if form is None:
        form = _Form(*key[:2], skips_conflicts=skips_conflicts, gives_keys=gives_keys)
        if len(rows) <= MOST_KEPT:
            _kept[key] = form
    return form.filled(rows)


def create_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model at once and give them their keys, as `bulk_create` does. What they
    point at is written before. Queries: 1."""
    _create(rows, skips_conflicts=False)


def create_unless_taken(row: models.Model) -> bool:
    """Insert a row and give it its key; False, with nothing written and the transaction as it was,
    when another row has what must be unique. Queries: 1."""
    return _create([row], skips_conflicts=True)


def _create(rows: Sequence[models.Model], *, skips_conflicts: bool) -> bool:
    """True when all rows were written."""
    sql, values = insert_of(rows, skips_conflicts=skips_conflicts, gives_keys=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=not skips_conflicts):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
    return len(keys) == len(rows)


def _value(field: Any, plain: type | None, row: models.Model) -> Any:
    """What goes into a column of the row."""
    value = field.pre_save(row, add=True)
    return value if type(value) is plain else column_value(field, value)


def column_value(field: Any, value: Any) -> Any:
    """A value as its column takes it. Raises: TypeError for an expression, which some columns would
    take for text."""
    if hasattr(value, "resolve_expression"):
        raise TypeError("an expression is no value")
    return field.get_db_prep_save(value, connection)


def _plain_type(field: Any) -> type | None:
    """What a column takes as it is: most values of most rows."""
    own = getattr(field, "target_field", field)
    if isinstance(own, models.IntegerField):
        return int
    if isinstance(own, models.BooleanField):
        return bool
    return str if isinstance(own, models.CharField | models.TextField) else None


def _is_given(field: Any) -> bool:
    """True for a column whose value the row brings: the database computes some, and counts keys."""
    return not field.generated and not (field.primary_key and isinstance(field, models.AutoField))
