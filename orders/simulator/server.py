"""The simulators over HTTP on the loopback address, their notices, and how both may misbehave."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from orders.simulator.alipay import Alipay
from orders.simulator.keys import Keys, channels_for
from orders.simulator.speech import Message, Sent
from orders.simulator.wechatpay import WechatPay

HOST, TIMEOUT_SECONDS = "127.0.0.1", 10


class Trouble(StrEnum):
    """What may go wrong with the next call; it is over with that call."""

    BROKEN = "broken"
    """The answer is 502 and nothing was done."""
    HTML = "html"
    """A page of somebody's proxy, 200."""
    UNSIGNED = "unsigned"
    """The right answer, its signature cut."""
    REDIRECT = "redirect"
    """Elsewhere, please."""
    LOST = "lost"
    """Done, and the line cut before the answer."""


class Simulator:
    """Both providers at one address. ``url`` is where they listen."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.troubles: list[Trouble] = []
        self.heard: list[Sent] = []
        self.server = ThreadingHTTPServer((HOST, 0), _handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://{HOST}:{self.server.server_port}"
        self.wechatpay = WechatPay(keys, self.url)
        self.alipay = Alipay(keys, self.url)

    def channels(self, folder: Path) -> dict[str, dict[str, str]]:
        """The mall's settings.PAYMENT_CHANNELS."""
        return channels_for(self.keys, folder, self.url)

    def answer(self, sent: Sent) -> Message | None:
        """What comes back, or None for a line that is cut."""
        self.heard.append(sent)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble == Trouble.BROKEN:
            return Message(502, {}, b"bad gateway")
        if trouble == Trouble.HTML:
            return Message(200, {"Content-Type": "text/html"}, b"<html>welcome</html>")
        if trouble == Trouble.REDIRECT:
            return Message(302, {"Location": f"{self.url}/elsewhere"}, b"")
        is_alipays = sent.target.startswith(("/gateway.do", "/bill/"))
        message = (self.alipay if is_alipays else self.wechatpay).answer(sent)
        if trouble == Trouble.LOST:
            return None
        return _unsigned(message) if trouble == Trouble.UNSIGNED else message

    def post(self, notify_url: str, notice: Message) -> tuple[int, bytes]:
        """Deliver a notice: what the mall answered."""
        parts = urlsplit(notify_url)
        link = http.client.HTTPConnection(HOST, parts.port, timeout=TIMEOUT_SECONDS)
        try:
            link.request("POST", parts.path, body=notice.body, headers=dict(notice.headers))
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def notify(self, provider: WechatPay | Alipay, payment_no: str) -> tuple[int, bytes]:
        """Tell the mall how a payment stands, truly."""
        notify_url = provider.book.opened(payment_no).notify_url
        return self.post(notify_url, provider.trade_notice(payment_no))

    def visit(self, url: str) -> int:
        """Open an address as a payer's browser would."""
        parts = urlsplit(url)
        link = http.client.HTTPConnection(HOST, parts.port, timeout=TIMEOUT_SECONDS)
        try:
            link.request("GET", f"{parts.path}?{parts.query}")
            answer = link.getresponse()
            answer.read()
            return answer.status
        finally:
            link.close()


@contextmanager
def running(keys: Keys) -> Iterator[Simulator]:
    """A simulator that listens until the block is left."""
    simulator = Simulator(keys)
    thread = threading.Thread(target=simulator.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.server.shutdown()
        simulator.server.server_close()
        thread.join(TIMEOUT_SECONDS)


def _unsigned(message: Message) -> Message:
    headers = {name: v for name, v in message.headers.items() if "Signature" not in name}
    return Message(message.status, headers, message.body.replace(b'"sign":', b'"sigh":'))


def _handler_of(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:
            """Silence: tests look at `heard`."""

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = Sent(self.command, self.path, headers, self.rfile.read(length))
            message = simulator.answer(sent)
            if message is None:
                self.close_connection = True
                return
            self.send_response(message.status)
            for name, value in message.headers.items():
                self.send_header(name, value)
            if message.status != 204:
                self.send_header("Content-Length", str(len(message.body)))
            self.end_headers()
            self.wfile.write(message.body)

    return Handler
