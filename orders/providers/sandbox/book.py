"""The sandbox's own book: what was asked, paid and given back, in an SQLite file the mall never
reads.

Each call is one short transaction of its own; several processes may call at once.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import local

from orders.providers.base import TradeState
from orders.providers.sandbox.envelope import Envelope
from orders.providers.sandbox.keys import folder

TABLES = """
CREATE TABLE IF NOT EXISTS trade (
    payment_no TEXT PRIMARY KEY, order_number TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', transaction_id TEXT NOT NULL DEFAULT '',
    paid_at TEXT, failure_code TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS refund (
    refund_no TEXT PRIMARY KEY, payment_no TEXT NOT NULL, amount_fen INTEGER NOT NULL, at TEXT NOT
    NULL);
CREATE TABLE IF NOT EXISTS late_notice (
    id INTEGER PRIMARY KEY, due_at TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL);
"""
WAIT_SECONDS = 10
FILE = "book.sqlite3"


@dataclass(frozen=True, slots=True)
class Entry:
    """One trade of the book."""

    payment_no: str
    order_number: str
    amount_fen: int
    state: TradeState
    transaction_id: str
    paid_at: datetime | None
    failure_code: str


class _Held(local):
    """The book as one thread has it open: opening it costs more than all that is asked of it, and
    whoever closes it last has to tidy it, at 20 ms a time."""

    book: sqlite3.Connection | None = None
    place: tuple[int, str, int] | None = None


_held = _Held()


@contextmanager
def _book() -> Iterator[sqlite3.Connection]:
    book = _opened()
    book.execute("BEGIN IMMEDIATE")
    try:
        yield book
        book.execute("COMMIT")
    finally:
        if book.in_transaction:
            book.execute("ROLLBACK")


def _opened() -> sqlite3.Connection:
    """The book of this process and thread; another file in its place is another book."""
    path = str(folder() / FILE)
    if _held.book is None or _held.place != _place_of(path):
        _held.book = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        _held.book.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + TABLES)
        _held.place = _place_of(path)
    return _held.book


def _place_of(path: str) -> tuple[int, str, int] | None:
    try:
        return os.getpid(), path, os.stat(path).st_ino
    except FileNotFoundError:
        return None


def open_trade(payment_no: str, order_number: str, amount_fen: int) -> None:
    """Note that this payment may be paid; a second time changes nothing."""
    with _book() as book:
        book.execute(
            "INSERT OR IGNORE INTO trade (payment_no, order_number, amount_fen) VALUES (?, ?, ?)",
            (payment_no, order_number, amount_fen),
        )


def find(payment_no: str) -> Entry | None:
    """The trade of a payment, None when nobody started it."""
    with _book() as book:
        return _find(book, payment_no)


def _find(book: sqlite3.Connection, payment_no: str) -> Entry | None:
    row = book.execute(
        "SELECT payment_no, order_number, amount_fen, state, transaction_id, paid_at, failure_code"
        " FROM trade WHERE payment_no = ?",
        (payment_no,),
    ).fetchone()
    if row is None:
        return None
    paid_at = datetime.fromisoformat(row[5]) if row[5] else None
    return Entry(row[0], row[1], row[2], TradeState(row[3]), row[4], paid_at, row[6])


def settle(payment_no: str, state: TradeState, *, at: datetime, failure_code: str = "") -> bool:
    """Pay, fail or close a trade; False when it was paid or closed before. A failed one may be
    tried again."""
    paid = state == TradeState.PAID
    with _book() as book:
        changed = book.execute(
            "UPDATE trade SET state = ?, transaction_id = ?, paid_at = ?, failure_code = ?"
            " WHERE payment_no = ? AND state IN ('pending', 'failed')",
            (
                state,
                f"42{at:%Y%m%d%H%M%S}{secrets.randbelow(10**12):012}" if paid else "",
                at.isoformat() if paid else None,
                failure_code,
                payment_no,
            ),
        )
        return changed.rowcount == 1


def give_back(refund_no: str, payment_no: str, amount_fen: int, *, at: datetime) -> bool:
    """Refund a paid trade, in all at most what was paid; the same number and amount again is
    True."""
    with _book() as book:
        known = book.execute(
            "SELECT payment_no, amount_fen FROM refund WHERE refund_no = ?", (refund_no,)
        ).fetchone()
        if known is not None:
            return bool(known == (payment_no, amount_fen))
        trade = _find(book, payment_no)
        (back,) = book.execute(
            "SELECT COALESCE(SUM(amount_fen), 0) FROM refund WHERE payment_no = ?", (payment_no,)
        ).fetchone()
        if trade is None or trade.state != TradeState.PAID or back + amount_fen > trade.amount_fen:
            return False
        book.execute(
            "INSERT INTO refund VALUES (?, ?, ?, ?)",
            (refund_no, payment_no, amount_fen, at.isoformat()),
        )
        return True


def find_refund(refund_no: str) -> int | None:
    """How much a refund gave back, None when there was none."""
    with _book() as book:
        row = book.execute(
            "SELECT amount_fen FROM refund WHERE refund_no = ?", (refund_no,)
        ).fetchone()
        return None if row is None else int(row[0])


def moved_between(start: datetime, end: datetime) -> list[tuple[bool, str, int, str]]:
    """(is a refund, number, fen, transaction) of what was paid or went back in a window."""
    with _book() as book:
        paid = book.execute(
            "SELECT payment_no, amount_fen, transaction_id, paid_at FROM trade"
            " WHERE state = 'paid' ORDER BY payment_no"
        ).fetchall()
        back = book.execute(
            "SELECT refund_no, amount_fen, '', at FROM refund ORDER BY refund_no"
        ).fetchall()
    rows = [(False, *row) for row in paid] + [(True, *row) for row in back]
    return [row[:4] for row in rows if start <= datetime.fromisoformat(row[4]) < end]


def net_fen() -> int:
    """What the sandbox holds for the shop: all that was paid less all that went back."""
    with _book() as book:
        (paid,) = book.execute(
            "SELECT COALESCE(SUM(amount_fen), 0) FROM trade WHERE state = 'paid'"
        ).fetchone()
        (back,) = book.execute("SELECT COALESCE(SUM(amount_fen), 0) FROM refund").fetchone()
        return int(paid - back)


def defer(envelope: Envelope, *, due_at: datetime) -> None:
    """Keep a notice that is to arrive late."""
    with _book() as book:
        book.execute(
            "INSERT INTO late_notice (due_at, headers, body) VALUES (?, ?, ?)",
            (due_at.isoformat(), json.dumps(dict(envelope.headers)), envelope.body),
        )


def take_due(at: datetime) -> list[Envelope]:
    """Take the late notices whose time has come out of the book."""
    with _book() as book:
        rows = book.execute(
            "DELETE FROM late_notice WHERE due_at <= ? RETURNING headers, body", (at.isoformat(),)
        ).fetchall()
        return [Envelope(json.loads(headers), body) for headers, body in rows]
