"""The list of invariants and the judge."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction
from django.utils.functional import Promise

SHOWN = 20
_invariants: dict[str, "Invariant"] = {}


@dataclass(frozen=True, slots=True)
class Invariant:
    """``code`` is the INV- id with a suffix where one id needs several queries; ``sql`` selects a
    text that names the row."""

    code: str
    says: str | Promise
    sql: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken invariant and the first rows that break it."""

    invariant: Invariant
    rows: tuple[str, ...]


def register(*listed: Invariant) -> None:
    """Add invariants; a code may be listed once. Raises: ValueError on a second one."""
    for invariant in listed:
        if _invariants.get(invariant.code, invariant) != invariant:
            raise ValueError(f"{invariant.code} is listed twice")
        _invariants[invariant.code] = invariant


def invariants() -> list[Invariant]:
    """All invariants of the installed apps, by code."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.invariants"):
            module = import_module(f"{config.name}.invariants")
            register(*getattr(module, "INVARIANTS", ()))
    return sorted(_invariants.values(), key=lambda invariant: invariant.code)


def audit() -> Iterator[tuple[Invariant, Violation | None]]:
    """Run every query in one read-only snapshot; yields each invariant with what breaks it, or
    None."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for invariant in invariants():
            cursor.execute(
                f"SELECT row_name FROM ({invariant.sql}) AS broken (row_name) LIMIT {SHOWN}"
            )  # noqa: S608
            rows = tuple(str(name) for (name,) in cursor.fetchall())
            yield invariant, Violation(invariant, rows) if rows else None
