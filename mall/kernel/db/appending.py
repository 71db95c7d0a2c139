"""Rows that a verb writes and nobody reads back in it: history, events, movements, messages.

Inside `appended_together` they wait for the block's end and go out in one statement, whatever their
models: a verb pays one round trip for all it notes down, and what it has locked by then is held
that much shorter.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction

from mall.kernel.db.inserting import insert_of


class _Waiting:
    """Rows of one `append`, hung on the transaction as what to do on commit: a savepoint that is
    undone drops them from there, as it drops every callback of its own."""

    def __init__(self, rows: list[models.Model], *, ignore_conflicts: bool) -> None:
        self.rows = rows
        self.ignore_conflicts = ignore_conflicts

    def __call__(self) -> None:
        """Nothing: they were written before the commit."""


_block: ContextVar[list[_Waiting] | None] = ContextVar("appended_together", default=None)


def append(rows: Iterable[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Insert rows, at once or at the end of the block; they have no id from the database until
    then, and none after it.

    Queries: 1 a model, none inside `appended_together`. Raises: RuntimeError in a block without a
    transaction.
    """
    given = list(rows)
    block = _block.get()
    if block is None or not given:
        _write([_Waiting(given, ignore_conflicts=ignore_conflicts)])
        return
    if not connection.in_atomic_block:
        raise RuntimeError("rows that wait need a transaction to wait in")
    waiting = _Waiting(given, ignore_conflicts=ignore_conflicts)
    block.append(waiting)
    transaction.on_commit(waiting)


@contextmanager
def appended_together() -> Iterator[None]:
    """Write what is appended in the block by one statement, at its end.

    For a whole transaction or savepoint: an exception that leaves the block takes its rows along,
    and so does a savepoint that is undone within it. What breaks a constraint says so at the end.
    Inside another such block it adds nothing. Queries: 1, none without a row.
    """
    if _block.get() is not None:
        yield
        return
    block: list[_Waiting] = []
    token = _block.set(block)
    try:
        yield
    except BaseException:
        _taken(block)
        raise
    finally:
        _block.reset(token)
    _write(_taken(block))


def _taken(block: list[_Waiting]) -> list[_Waiting]:
    """What still waits, taken off the transaction."""
    hung = [entry[1] for entry in connection.run_on_commit]
    alive = [waiting for waiting in block if waiting in hung]
    connection.run_on_commit = [
        entry for entry in connection.run_on_commit if entry[1] not in alive
    ]
    return alive


def _write(waiting: Iterable[_Waiting]) -> None:
    """Insert all rows: those of one model and manner by one INSERT, all INSERTs by one
    statement."""
    kinds: dict[tuple[type[models.Model], bool], list[models.Model]] = {}
    for one in waiting:
        for row in one.rows:
            kinds.setdefault((type(row), one.ignore_conflicts), []).append(row)
    inserts = [insert_of(rows, skips_conflicts=ignore) for (_, ignore), rows in kinds.items()]
    if not inserts:
        return
    *before, (sql, params) = inserts
    if before:
        parts = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _) in enumerate(before))
        sql = f"WITH {parts} {sql}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in before for value in values] + [*params])
