"""A hundred rows in every table that has a screen: a list that asks once a row gives itself away.

One row of each table is made by the builders, or invented where none makes one; the others are
its twins. Twins break unique constraints, so inside the test's transaction these are dropped: what
a list costs does not depend on them.
"""

from typing import Any

from django.db import connection, models

from mall.kernel import clock

CONSTRAINTS = """
SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'c', 'x')
"""
UNIQUE_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index
 WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary
"""


def crowd(model: type[models.Model], rows: int = 100) -> None:
    """Bring the table of ``model`` to ``rows`` rows at least."""
    if not model._base_manager.exists():
        invent(model)
    loosen(model)
    table, pk = model._meta.db_table, model._meta.pk
    names = [f'"{f.column}"' for f in model._meta.local_concrete_fields if f is not pk]
    new_pk = "gen_random_uuid()" if isinstance(pk, models.UUIDField) else f'"{pk.column}" + nth'
    keys = f"generate_series(1, {rows}) nth(nth)"
    owner: Any = pk.related_model
    if owner is not None:  # a row of its own for each of what it belongs to
        related = owner._meta
        crowd(owner, rows)
        new_pk = "nth"
        keys = (
            f'(SELECT "{related.pk.column}" FROM "{related.db_table}" WHERE "{related.pk.column}"'  # noqa: S608
            f' NOT IN (SELECT "{pk.column}" FROM "{table}") LIMIT {rows}) nth(nth)'
        )
    insert = (
        f'INSERT INTO "{table}" ("{pk.column}", {", ".join(names)})'  # noqa: S608 - names of columns
        f" SELECT {new_pk}, {', '.join(names)} FROM {keys},"
        f' (SELECT * FROM "{table}" ORDER BY "{pk.column}" DESC LIMIT 1) twin'
    )
    with connection.cursor() as cursor:
        cursor.execute(insert)


def loosen(model: type[models.Model]) -> None:
    """Drop what keeps rows apart, and triggers that keep books: for this transaction only."""
    table = f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(CONSTRAINTS, [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        cursor.execute(UNIQUE_INDEXES, [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def invent(model: type[models.Model]) -> models.Model:
    """One row with the plainest values its columns take; what it points at is found or invented."""
    loosen(model)
    fields = [f for f in model._meta.local_concrete_fields if not f.primary_key or f.is_relation]
    values = {field.name: _value(field) for field in fields if not field.has_default()}
    return model._base_manager.create(**values)


def _value(field: Any) -> Any:
    if field.is_relation:
        related = field.related_model
        return None if field.null else related._base_manager.first() or invent(related)
    if field.null:
        return None
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return clock.day_of(clock.now())
    if isinstance(field, models.TimeField):
        return clock.now().time()
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 1
    return "" if field.blank else "x"
