"""What a migration may do to a shop that is open (F-51). Rules in words: docs/operations.md.

``dangers(migration)`` says what is wrong with one; a migration that knows better says why in its
attribute ``safe_because``. Tables that the same migration makes are nobody's yet: all is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import migrations, models
from django.db.models.fields import NOT_PROVIDED

Judge = Callable[[Any, bool], Iterator[str]]
"""(operation, is the migration atomic) -> what is wrong with it."""

SQL_DANGERS = {
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "an index without CONCURRENTLY",
    r"\bDROP\s+INDEX\s+(?!CONCURRENTLY)": "an index dropped without CONCURRENTLY",
    r"\bADD\s+CONSTRAINT\b(?!.*\b(NOT\s+VALID|USING\s+INDEX)\b)": "a constraint without NOT VALID",
    r"\bLOCK\s+TABLE\b": "a locked table",
    r"\bVACUUM\s+FULL\b|\bCLUSTER\b|\bREINDEX\s+(?!.*CONCURRENTLY)": "a rewritten table",
    r"\bTRUNCATE\b": "an emptied table",
}
TAKEN_AWAY = "old code still uses it: name the release that stopped, in `safe_because`"


def _index(_operation: Any, _atomic: bool) -> Iterator[str]:
    yield "AddIndexConcurrently, in a migration with atomic = False"


def _drop_index(_operation: Any, _atomic: bool) -> Iterator[str]:
    yield "RemoveIndexConcurrently, in a migration with atomic = False"


def _constraint(operation: Any, _atomic: bool) -> Iterator[str]:
    if isinstance(operation.constraint, models.CheckConstraint):
        yield "AddConstraintNotValid, and ValidateConstraint in the next migration"
    else:
        yield "a unique index CONCURRENTLY by RunSQL, then ADD CONSTRAINT ... USING INDEX"


def _field(operation: Any, _atomic: bool) -> Iterator[str]:
    field = operation.field
    if field.many_to_many:
        return
    if not field.null and field.db_default is NOT_PROVIDED and not field.generated:
        yield "null=True or db_default: old code does not fill it in"
    if field.unique or (field.db_index and not field.primary_key):
        yield "db_index=False, and its index by AddIndexConcurrently"
    if field.remote_field and getattr(field, "db_constraint", False):
        yield "db_constraint=False, and its foreign key by RunSQL with NOT VALID"


def _taken_away(_operation: Any, _atomic: bool) -> Iterator[str]:
    yield TAKEN_AWAY


def _altered(_operation: Any, _atomic: bool) -> Iterator[str]:
    yield "say in `safe_because` why the table is neither read whole nor rewritten"


def _python(_operation: Any, atomic: bool) -> Iterator[str]:
    if atomic:
        yield "atomic = False, and the rows in chunks, each in a transaction of its own"


def _sql(operation: Any, atomic: bool) -> Iterator[str]:
    for text in _statements(operation.sql):
        for pattern, danger in SQL_DANGERS.items():
            if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
                yield danger
        if atomic and re.search(r"\bCONCURRENTLY\b", text, re.IGNORECASE):
            yield "CONCURRENTLY needs atomic = False"


def _concurrent(_operation: Any, atomic: bool) -> Iterator[str]:
    if atomic:
        yield "CONCURRENTLY needs atomic = False"


JUDGES: dict[type, Judge] = {
    migrations.AddIndex: _index,
    migrations.RemoveIndex: _drop_index,
    migrations.AddConstraint: _constraint,
    migrations.AddField: _field,
    migrations.RemoveField: _taken_away,
    migrations.DeleteModel: _taken_away,
    migrations.RenameField: _taken_away,
    migrations.RenameModel: _taken_away,
    migrations.AlterModelTable: _taken_away,
    migrations.AlterField: _altered,
    migrations.AlterUniqueTogether: _altered,
    migrations.RunPython: _python,
    migrations.RunSQL: _sql,
    AddIndexConcurrently: _concurrent,
    RemoveIndexConcurrently: _concurrent,
    AddConstraintNotValid: lambda _operation, _atomic: iter(()),
}


def dangers(migration: migrations.Migration) -> list[str]:
    """What would make a visitor of an open shop wait or fail; empty when it may run."""
    if getattr(migration, "safe_because", ""):
        return []
    new = {
        one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)
    }
    found = []
    for operation in _flat(migration.operations):
        if _model_of(operation) in new:
            continue
        judge = JUDGES.get(type(operation))
        if judge is not None:
            found += [
                f"{operation.describe()}: {word}" for word in judge(operation, migration.atomic)
            ]
    return found


def _flat(operations: Any) -> Iterator[Any]:
    """Operations as the database sees them; what was made for another app is looked into."""
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield getattr(operation, "operation", operation)


def _model_of(operation: Any) -> str:
    name = getattr(operation, "model_name", "") or getattr(operation, "name", "")
    return str(name or "").lower()


def _statements(sql: Any) -> Iterator[str]:
    rows = [sql] if isinstance(sql, str) else list(sql)
    for row in rows:
        yield row if isinstance(row, str) else row[0]
