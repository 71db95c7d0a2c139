"""The simulator's own book: entries are only ever added, and every state is read from them."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mall.kernel import clock

OPENED, PAID, FAILED, CLOSED = "opened", "paid", "failed", "closed"
REFUND_ASKED, REFUND_DONE, REFUND_FAILED = "refund_asked", "refund_done", "refund_failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``number`` is the payment's, or the refund's."""

    channel: str
    kind: str
    payment_no: str
    number: str
    amount_fen: int
    at: datetime
    notify_url: str = ""
    transaction_id: str = ""


class Refused(Exception):
    """The book does not allow it; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Book:
    """What one provider knows of money."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.entries: list[Entry] = []
        self.by_number: defaultdict[str, list[Entry]] = defaultdict(list)
        self.refunds_of: defaultdict[str, set[str]] = defaultdict(set)
        self.mutex = threading.RLock()

    def open_trade(self, payment_no: str, amount_fen: int, notify_url: str) -> None:
        """Let a payment be paid; the same one again is the same. Raises: Refused."""
        with self.mutex:
            known = self.last(payment_no, OPENED)
            if known is not None and known.amount_fen != amount_fen:
                raise Refused("INVALID_REQUEST")
            if self.state(payment_no) == PAID:
                raise Refused("ORDERPAID")
            if known is None:
                self._add(OPENED, payment_no, payment_no, amount_fen, notify_url=notify_url)

    def pay(self, payment_no: str, *, succeed: bool = True) -> None:
        """The payer pays, or is refused. Raises: Refused when it is over, or never began."""
        with self.mutex:
            opened = self.opened(payment_no)
            if self.state(payment_no) in (PAID, CLOSED):
                raise Refused("OVER")
            transaction_id = f"42{len(self.entries):026}" if succeed else ""
            self._add(
                PAID if succeed else FAILED,
                payment_no,
                payment_no,
                opened.amount_fen,
                transaction_id=transaction_id,
            )

    def close(self, payment_no: str) -> None:
        """Let it not be paid any more. Raises: Refused."""
        with self.mutex:
            opened = self.opened(payment_no)
            if self.state(payment_no) == PAID:
                raise Refused("ORDERPAID")
            if self.state(payment_no) != CLOSED:
                self._add(CLOSED, payment_no, payment_no, opened.amount_fen)

    def ask_refund(self, payment_no: str, refund_no: str, amount_fen: int) -> Entry:
        """Accept a refund; the same number again is the one of before. Raises: Refused."""
        with self.mutex:
            known = self.last(refund_no, REFUND_ASKED)
            if known is not None:
                if (known.payment_no, known.amount_fen) != (payment_no, amount_fen):
                    raise Refused("INVALID_REQUEST")
                if self.state(refund_no) != REFUND_FAILED:
                    return known
            opened = self.opened(payment_no)
            left_fen = opened.amount_fen - self.refunded_fen(payment_no)
            if self.state(payment_no) != PAID or amount_fen > left_fen:
                raise Refused("NOT_ENOUGH")
            return self._add(REFUND_ASKED, payment_no, refund_no, amount_fen)

    def end_refund(self, refund_no: str, *, succeed: bool = True) -> None:
        """An accepted refund is done, or fails after all. Raises: Refused."""
        with self.mutex:
            asked = self.last(refund_no, REFUND_ASKED)
            if asked is None or self.state(refund_no) != REFUND_ASKED:
                raise Refused("RESOURCE_NOT_EXISTS")
            kind = REFUND_DONE if succeed else REFUND_FAILED
            self._add(kind, asked.payment_no, refund_no, asked.amount_fen)

    def opened(self, payment_no: str) -> Entry:
        """How a payment began. Raises: Refused."""
        found = self.last(payment_no, OPENED)
        if found is None:
            raise Refused("ORDER_NOT_EXIST")
        return found

    def state(self, number: str) -> str:
        """The kind of the last entry of a payment or a refund."""
        found = self.last(number)
        return found.kind if found else ""

    def last(self, number: str, kind: str = "") -> Entry | None:
        """The last entry of a payment or a refund, of one kind."""
        with self.mutex:
            for entry in reversed(self.by_number.get(number, ())):
                if kind in ("", entry.kind):
                    return entry
        return None

    def refunded_fen(self, payment_no: str) -> int:
        """What went back of a payment, or is about to."""
        last = [self.last(number) for number in self.refunds_of.get(payment_no, ())]
        return sum(e.amount_fen for e in last if e is not None and e.kind != REFUND_FAILED)

    def moved(self, start: datetime, end: datetime) -> Iterator[Entry]:
        """Payments and refunds that were done in a window."""
        with self.mutex:
            entries = list(self.entries)
        for entry in entries:
            if entry.kind in (PAID, REFUND_DONE) and start <= entry.at < end:
                yield entry

    def net_fen(self) -> int:
        """What is held for the shop."""
        signs = {PAID: 1, REFUND_DONE: -1}
        return sum(signs.get(entry.kind, 0) * entry.amount_fen for entry in self.entries)

    def _add(self, kind: str, payment_no: str, number: str, amount_fen: int, **more: str) -> Entry:
        at = clock.now()
        entry = Entry(self.channel, kind, payment_no, number, amount_fen, at, **more)
        self.entries.append(entry)
        self.by_number[number].append(entry)
        if number != payment_no:
            self.refunds_of[payment_no].add(number)
        return entry
