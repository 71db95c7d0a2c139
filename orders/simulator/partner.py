"""A shipping partner's side: a supplier or a cloud warehouse with a key and books of its own.

It checks our signatures, takes a number once, never sends what was asked back, calls back signed;
and it may not answer, break, or lose the line after it has taken an order.
"""

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from mall.kernel import clock
from orders.simulator.speech import Message, Sent

HOST, TIMEOUT_SECONDS = "127.0.0.1", 10
KEY, TIMESTAMP, SIGNATURE = "x-supplier-key", "x-supplier-timestamp", "x-supplier-signature"
LOST = 0
"""The status of a trouble that cuts the line after the work is done."""


@dataclass
class ShippingPartner:
    """What the partner knows. ``troubles`` are statuses that replace the next answers."""

    key_id: str = ""
    secret: str = ""
    url: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    shipped: set[str] = field(default_factory=set)
    troubles: list[int] = field(default_factory=list)
    heard: list[Sent] = field(default_factory=list)

    def answer(self, sent: Sent) -> Message | None:
        """What comes back for a request; None for a line that is cut."""
        self.heard.append(sent)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None and trouble != LOST:
            return Message(trouble, {}, b"<html>not now</html>")
        if not self._is_ours(sent):
            return Message(401, {}, b"{}")
        facts = json.loads(sent.body)
        status = (
            self._recall(facts["number"])
            if urlsplit(sent.target).path.endswith("/cancel")
            else self._take(facts)
        )
        if trouble == LOST:
            return None
        return Message(status, {}, json.dumps({"number": facts["number"]}).encode())

    def _is_ours(self, sent: Sent) -> bool:
        path, stamp = urlsplit(sent.target).path, sent.headers.get(TIMESTAMP, "")
        expected = self._sign(path, stamp, sent.body)
        return (sent.headers.get(KEY), sent.headers.get(SIGNATURE)) == (self.key_id, expected)

    def _sign(self, path: str, stamp: str, body: bytes) -> str:
        """As the protocol says it, written a second time: the mall's own code is not asked."""
        text = "\n".join(("POST", path, stamp, hashlib.sha256(body).hexdigest()))
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _take(self, facts: dict[str, Any]) -> int:
        if facts["number"] not in self.recalled:
            self.orders.setdefault(facts["number"], facts)
        return 200

    def _recall(self, number: str) -> int:
        if number in self.shipped:
            return 409
        self.recalled.add(number)
        self.orders.pop(number, None)
        return 200

    def report(self, path: str, facts: Mapping[str, Any]) -> Message:
        """A signed call-back, to be posted or sent through a test client."""
        body = json.dumps(facts).encode()
        stamp = str(int(clock.now().timestamp()))
        signature = self._sign(path, stamp, body)
        headers = {KEY: self.key_id, TIMESTAMP: stamp, SIGNATURE: signature}
        return Message(0, headers, body)

    def post(self, url: str, facts: Mapping[str, Any]) -> tuple[int, bytes]:
        """Call back over HTTP: what the mall answered."""
        parts = urlsplit(url)
        message = self.report(parts.path, facts)
        link = http.client.HTTPConnection(HOST, parts.port, timeout=TIMEOUT_SECONDS)
        try:
            headers = {"Content-Type": "application/json", **message.headers}
            link.request("POST", parts.path, body=message.body, headers=headers)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()


@contextmanager
def partner_running() -> Iterator[ShippingPartner]:
    """A partner that listens on the loopback address until the block is left."""
    partner = ShippingPartner()
    server = ThreadingHTTPServer((HOST, 0), _handler_of(partner))
    server.daemon_threads = True
    partner.url = f"http://{HOST}:{server.server_port}/mall"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield partner
    finally:
        server.shutdown()
        server.server_close()
        thread.join(TIMEOUT_SECONDS)


def _handler_of(partner: ShippingPartner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = partner.answer(Sent("POST", self.path, headers, self.rfile.read(length)))
            if message is None:
                self.close_connection = True
                return
            self.send_response(message.status)
            self.send_header("Content-Length", str(len(message.body)))
            self.end_headers()
            self.wfile.write(message.body)

        def log_message(self, format: str, *args: object) -> None:
            """Silence: tests look at `heard`."""

    return Handler
