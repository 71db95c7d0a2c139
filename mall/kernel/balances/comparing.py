"""The list of balances and the comparison."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction
from django.utils.functional import Promise

SHOWN = 20


class Unit(StrEnum):
    """What the two figures of a balance count; readers see money and hundredths with two places."""

    COUNT = "count"
    FEN = "fen"
    HUNDREDTHS = "hundredths"


@dataclass(frozen=True, slots=True)
class Balance:
    """``sql`` selects (name, stored, rebuilt) of every row that keeps this balance."""

    code: str
    says: str | Promise
    sql: str
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Difference:
    """One row whose balance is not what its ledger adds up to."""

    name: str
    stored: int | None
    rebuilt: int | None

    def __str__(self) -> str:
        return f"{self.name}: {self.stored} <> {self.rebuilt}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One balance over all its rows: how many there are, how many differ, the first of these."""

    balance: Balance
    rows: int
    differing: int
    first: tuple[Difference, ...]


def balances() -> list[Balance]:
    """All balances of the installed apps, by code. Raises: ValueError when two have one code."""
    found: dict[str, Balance] = {}
    for config in apps.get_app_configs():
        if not find_spec(f"{config.name}.balances"):
            continue
        for balance in getattr(import_module(f"{config.name}.balances"), "BALANCES", ()):
            if found.setdefault(balance.code, balance) != balance:
                raise ValueError(f"{balance.code} is listed twice")
    return sorted(found.values(), key=lambda balance: balance.code)


def compare() -> Iterator[Comparison]:
    """Rebuild and compare every balance in one snapshot. Queries: 1 a balance, and 2."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for balance in balances():
            cursor.execute(_query(balance))
            rows, differing, first = cursor.fetchone()
            listed = json.loads(first) if isinstance(first, str) else first or []
            differences = tuple(Difference(*one) for one in listed[:SHOWN])
            yield Comparison(balance, rows, differing, differences)


def _query(balance: Balance) -> str:
    """How many rows, how many differ, and the first of them, in one statement."""
    return (
        f"WITH kept (name, stored, rebuilt) AS ({balance.sql}),"  # noqa: S608 - our own SQL
        " bad AS (SELECT * FROM kept WHERE stored IS DISTINCT FROM rebuilt)"
        " SELECT (SELECT COUNT(*) FROM kept), (SELECT COUNT(*) FROM bad),"
        " (SELECT json_agg(json_build_array(name, stored, rebuilt)) FROM"
        f" (SELECT * FROM bad ORDER BY name LIMIT {SHOWN}) listed)"
    )
