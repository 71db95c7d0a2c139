"""Counting statements as performance.md counts them: without transaction control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET CONSTRAINTS")


class Statements:
    """The statements of one block; ``len()`` is what a budget bounds."""

    def __init__(self) -> None:
        self.sql: list[str] = []

    def __len__(self) -> int:
        return len(self.sql)

    def __str__(self) -> str:
        return "\n".join(f"{number:3} {text[:200]}" for number, text in enumerate(self.sql, 1))


@contextmanager
def count_queries(at_most: int | None = None) -> Iterator[Statements]:
    """Collect the statements of a block; more than ``at_most`` fails the test and lists them
    all."""
    statements = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements.sql = [
        query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)
    ]
    assert at_most is None or len(statements) <= at_most, (
        f"{len(statements)} statements, at most {at_most} allowed:\n{statements}"
    )
