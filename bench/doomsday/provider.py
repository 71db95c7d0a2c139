"""WeChat Pay and Alipay as one process with bad manners and a book that the mall cannot read.

`python -m bench.doomsday.provider FOLDER SEED MANNERS`: writes FOLDER/provider.json when it
listens, its books to FOLDER/book.jsonl, every notice to FOLDER/notices.jsonl.
Its second port is for payers: POST /pay/<channel>/<payment_no>, and POST /calm from the supervisor.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import django

from bench.doomsday.plan import Manners

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
django.setup()

from orders.simulator import (  # noqa: E402 - Django first
    REFUND_ASKED,
    Book,
    Entry,
    Message,
    Refused,
    Sent,
    Simulator,
    make_keys,
)

HOST = "127.0.0.1"
RETRY_SECONDS = (1, 2, 4, 8, 15, 15, 30, 30, 30, 60, 60, 60)
"""When a notice that was not taken comes again: the providers' own times, shortened."""
TIMEOUT_SECONDS = 10
DELIVERERS = 6
FORGERIES = ("tampered", "amount", "stranger")
CALM = Manners(0, 0, 0, 0, 0, 0, 0)


class Log:
    """Lines of JSON in one file, from several threads."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("ab", buffering=0)

    def write(self, **facts: Any) -> None:
        """One line; a short write of one call is never torn."""
        self.file.write(json.dumps(facts).encode() + b"\n")


class WrittenBook(Book):
    """A provider's book that is also on paper."""

    def __init__(self, channel: str, log: Log, on_refund: Callable[[str], None]) -> None:
        super().__init__(channel)
        self.log = log
        self.on_refund = on_refund

    def _add(self, kind: str, payment_no: str, number: str, amount_fen: int, **more: str) -> Entry:
        entry = super()._add(kind, payment_no, number, amount_fen, **more)
        self.log.write(
            channel=self.channel,
            kind=kind,
            payment_no=payment_no,
            number=number,
            amount_fen=amount_fen,
            at=entry.at.isoformat(),
        )
        if kind == REFUND_ASKED:
            self.on_refund(number)
        return entry


class Clockwork:
    """Does things later, in threads."""

    def __init__(self) -> None:
        self.heap: list[tuple[float, int, Callable[[], None]]] = []
        self.numbers = count()
        self.change = threading.Condition()
        self.pool = ThreadPoolExecutor(DELIVERERS)
        threading.Thread(target=self._run, daemon=True).start()

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Do ``deed`` in so many seconds."""
        with self.change:
            heappush(self.heap, (monotonic() + seconds, next(self.numbers), deed))
            self.change.notify()

    def _run(self) -> None:
        while True:
            with self.change:
                while not self.heap or self.heap[0][0] > monotonic():
                    self.change.wait(self.heap[0][0] - monotonic() if self.heap else None)
                deed = heappop(self.heap)[2]
            self.pool.submit(deed)


class Providers(Simulator):
    """Both providers with their manners."""

    def __init__(self, folder: Path, seed: int, manners: Manners) -> None:
        super().__init__(make_keys())
        self.manners = manners
        self.seed = seed
        self.clockwork = Clockwork()
        self.notices = Log(folder / "notices.jsonl")
        book = Log(folder / "book.jsonl")
        self.wechatpay.book = WrittenBook("wechatpay", book, self._will_refund)
        self.alipay.book = WrittenBook("alipay", book, lambda _number: None)
        self.channel = {"wechatpay": self.wechatpay, "alipay": self.alipay}

    def answer(self, sent: Sent) -> Message | None:
        """What comes back; of some refunds nothing does, though they are done (F-30)."""
        path = urlsplit(sent.target).path
        is_alipays = path.startswith("/gateway.do")
        message = (self.alipay if is_alipays else self.wechatpay).answer(sent)
        is_refund = path == "/v3/refund/domestic/refunds" or b"alipay.trade.refund" in sent.body
        if is_refund and self._happens(self.manners.refund_cut, "cut", sent.body.hex()[:400]):
            return None
        return message

    def pay(self, channel: str, payment_no: str) -> None:
        """The payer pays; the mall is told, in this provider's manner. Raises: Refused."""
        self.channel[channel].book.pay(payment_no)
        manners, wait = self.manners, 0.0
        if self._happens(manners.forged, "forged", payment_no):
            self.clockwork.later(0.0, lambda: self._forge(channel, payment_no))
        if self._happens(manners.lost, "lost", payment_no):
            self.notices.write(no=payment_no, what="lost")
            return
        if self._happens(manners.late, "late", payment_no):
            wait = self._chance("wait", payment_no).uniform(*manners.late_seconds)
        copies = 3 if self._happens(manners.duplicated, "duplicated", payment_no) else 1
        self.clockwork.later(wait, lambda: self._tell(channel, payment_no, copies, bool(wait)))

    def _tell(self, channel: str, payment_no: str, copies: int, is_late: bool) -> None:
        what = "late" if is_late else "duplicated" if copies > 1 else "plain"
        provider = self.channel[channel]
        for _n in range(copies):
            self.clockwork.later(
                0.0,
                lambda: self._deliver(
                    lambda: provider.trade_notice(payment_no), channel, payment_no, what, 0
                ),
            )
        if self._happens(self.manners.reordered, "reordered", payment_no):
            older = (
                {"trade_state": "NOTPAY", "transaction_id": ""}
                if channel == "wechatpay"
                else {"trade_status": "WAIT_BUYER_PAY"}
            )
            self.clockwork.later(
                0.5,
                lambda: self._deliver(
                    lambda: provider.trade_notice(payment_no, **older),
                    channel,
                    payment_no,
                    "reordered",
                    0,
                ),
            )

    def _will_refund(self, refund_no: str) -> None:
        """WeChat Pay accepts first and sends the money a moment later."""
        self.clockwork.later(0.4, lambda: self._refund(refund_no))

    def _refund(self, refund_no: str) -> None:
        self.wechatpay.book.end_refund(refund_no)
        if self._happens(self.manners.refund_notice_lost, "refund", refund_no):
            self.notices.write(no=refund_no, what="lost")
            return
        copies = 2 if self._happens(self.manners.duplicated, "duplicated", refund_no) else 1
        for _n in range(copies):
            self.clockwork.later(
                0.0,
                lambda: self._deliver(
                    lambda: self.wechatpay.refund_notice(refund_no),
                    "wechatpay",
                    refund_no,
                    "refund",
                    0,
                ),
            )

    def _forge(self, channel: str, payment_no: str) -> None:
        """Something that is not true, or not the provider's: it must be refused."""
        provider = self.channel[channel]
        opened = provider.book.opened(payment_no)
        kind = self._chance("forgery", payment_no).choice(FORGERIES)
        wrong: dict[str, Any] = {}
        if kind == "amount":
            wrong = _one_fen_less(channel, opened.amount_fen)
        elif kind == "stranger":
            wrong = {"mchid": "1900000109"} if channel == "wechatpay" else {"seller_id": "2088"}
        message = provider.trade_notice(payment_no, **wrong)
        if kind == "tampered":
            message = Message(0, message.headers, message.body.replace(b"2026", b"2027", 1) + b" ")
        status, is_taken = self._post(channel, opened.notify_url, message)
        self.notices.write(no=payment_no, what="forged", how=kind, status=status, taken=is_taken)

    def _deliver(
        self, write: Callable[[], Message], channel: str, number: str, what: str, tried: int
    ) -> None:
        """Deliver until it is taken, as providers do."""
        opened = self.channel[channel].book.last(number)
        assert opened is not None, "only what the book knows is told"
        url = self.channel[channel].book.opened(opened.payment_no).notify_url
        status, is_taken = self._post(channel, url, write())
        self.notices.write(no=number, what=what, status=status, taken=is_taken, tried=tried)
        if not is_taken and tried < len(RETRY_SECONDS):
            self.clockwork.later(
                RETRY_SECONDS[tried],
                lambda: self._deliver(write, channel, number, what, tried + 1),
            )

    def _post(self, channel: str, url: str, notice: Message) -> tuple[int, bool]:
        parts = urlsplit(url)
        link = http.client.HTTPConnection(HOST, parts.port, timeout=TIMEOUT_SECONDS)
        origin = "203.0.113.8" if channel == "alipay" else "203.0.113.7"
        try:
            headers = {**notice.headers, "X-Forwarded-For": origin}
            link.request("POST", parts.path, body=notice.body, headers=headers)
            answer = link.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, False
        finally:
            link.close()
        is_said = body == b"success" if channel == "alipay" else True
        return answer.status, answer.status in (200, 204) and is_said

    def _happens(self, percent: int, what: str, number: str) -> bool:
        return self._chance(what, number).random() * 100 < percent

    def _chance(self, what: str, number: str) -> Random:
        return Random(f"{self.seed}/{what}/{number}")  # noqa: S311 - repeatable on purpose


def _one_fen_less(channel: str, amount_fen: int) -> dict[str, Any]:
    if channel == "alipay":
        yuan, fen = divmod(amount_fen - 1, 100)
        return {"total_amount": f"{yuan}.{fen:02}"}
    total = {"total": amount_fen - 1, "payer_total": amount_fen - 1}
    return {"amount": {**total, "currency": "CNY", "payer_currency": "CNY"}}


def payers_door(providers: Providers) -> type[BaseHTTPRequestHandler]:
    """Where payers pay, and where the supervisor asks for better manners."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = 200
            if self.path == "/calm":
                providers.manners = CALM
            else:
                _root, _pay, channel, payment_no = self.path.split("/")
                try:
                    providers.pay(channel, payment_no)
                except Refused:
                    status = 409
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """The book is the log."""

    return Door


def main(folder: Path, seed: int, manners: Manners) -> None:
    """Serve until killed."""
    providers = Providers(folder, seed, manners)
    payers = ThreadingHTTPServer((HOST, 0), payers_door(providers))
    keys = folder / "keys"
    keys.mkdir()
    told = {
        "port": providers.server.server_port,
        "payers": payers.server_port,
        "channels": providers.channels(keys),
    }
    half = folder / "provider.json.half"
    half.write_text(json.dumps(told))
    half.replace(folder / "provider.json")
    threading.Thread(target=payers.serve_forever, daemon=True).start()
    providers.server.serve_forever()


if __name__ == "__main__":
    said = json.loads(sys.argv[3])
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]),
        Manners(**{**said, "late_seconds": tuple(said["late_seconds"])}),
    )
