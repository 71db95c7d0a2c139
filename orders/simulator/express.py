"""The aggregator's side: it checks our signatures, remembers what was asked, calls back signed.

It may call twice, late, out of order, or with a wrong signature, and not answer at all.
"""

import http.client
import json
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from mall.kernel import clock
from orders.carriers.base import PushRefused
from orders.carriers.express.signing import check, signed_headers
from orders.simulator.speech import Message, Sent

HOST, TIMEOUT_SECONDS = "127.0.0.1", 10
Event = Mapping[str, str]


@dataclass
class Express:
    """What the aggregator knows. ``troubles`` are answers that replace the next ones."""

    key: str = field(default_factory=lambda: secrets.token_hex(8))
    secret: str = field(default_factory=lambda: secrets.token_hex(24))
    url: str = ""
    subscribed: dict[tuple[str, str], str] = field(default_factory=dict)
    events: dict[tuple[str, str], list[Event]] = field(default_factory=dict)
    pickups: dict[str, dict[str, Any]] = field(default_factory=dict)
    troubles: list[Message] = field(default_factory=list)
    heard: list[Sent] = field(default_factory=list)

    def channel(self) -> dict[str, str]:
        """The mall's settings.CARRIER_CHANNELS["express"]."""
        return {"url": self.url, "key": self.key, "secret": self.secret}

    def answer(self, sent: Sent) -> Message:
        """What comes back for a request."""
        self.heard.append(sent)
        if self.troubles:
            return self.troubles.pop(0)
        path = urlsplit(sent.target).path
        try:
            check(self.key, self.secret, sent.headers, path=path, body=sent.body, at=clock.now())
        except PushRefused as refusal:
            return Message(401, {}, json.dumps({"error": refusal.reason}).encode())
        steps = {
            "/v1/subscriptions": self._subscribe,
            "/v1/queries": self._query,
            "/v1/pickups": self._pick_up,
            "/v1/pickups/cancel": self._cancel,
        }
        body = json.dumps(steps[path](json.loads(sent.body))).encode()
        headers = signed_headers(self.key, self.secret, path="", body=body, at=clock.now())
        return Message(200, headers, body)

    def push(
        self,
        carrier: str,
        tracking_no: str,
        events: Sequence[Event],
        *,
        push_id: str = "",
        at: datetime | None = None,
    ) -> Message:
        """A signed call-back about a parcel."""
        facts = {
            "push_id": push_id or secrets.token_hex(8),
            "carrier": carrier,
            "tracking_no": tracking_no,
            "events": list(events),
        }
        body = json.dumps(facts).encode()
        stamped = at or clock.now()
        headers = signed_headers(self.key, self.secret, path="", body=body, at=stamped)
        return Message(0, {**headers, "Content-Type": "application/json"}, body)

    def call(self, message: Message, callback_url: str, port: int) -> int:
        """Deliver a call-back to the mall that listens on ``port``; its status."""
        link = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        try:
            link.request(
                "POST",
                urlsplit(callback_url).path,
                body=message.body,
                headers=dict(message.headers),
            )
            return link.getresponse().status
        finally:
            link.close()

    def _subscribe(self, asked: Mapping[str, str]) -> dict[str, Any]:
        self.subscribed[(asked["carrier"], asked["tracking_no"])] = asked["callback_url"]
        return {"ok": True}

    def _query(self, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"events": self.events.get((asked["carrier"], asked["tracking_no"]), [])}

    def _pick_up(self, asked: Mapping[str, str]) -> dict[str, Any]:
        known = self.pickups.setdefault(
            asked["number"], {**asked, "pickup_no": f"D{len(self.pickups) + 1:06}"}
        )
        return {"pickup_no": known["pickup_no"], "tracking_no": f"DX{known['pickup_no']}"}

    def _cancel(self, asked: Mapping[str, str]) -> dict[str, Any]:
        self.pickups.pop(asked["number"], None)
        return {"ok": True}


@contextmanager
def express_running() -> Iterator[Express]:
    """An aggregator that listens on the loopback address until the block is left."""
    express = Express()
    server = ThreadingHTTPServer((HOST, 0), _handler_of(express))
    server.daemon_threads = True
    express.url = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield express
    finally:
        server.shutdown()
        server.server_close()
        thread.join(TIMEOUT_SECONDS)


def _handler_of(express: Express) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = express.answer(Sent("POST", self.path, headers, self.rfile.read(length)))
            self.send_response(message.status)
            for name, value in message.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(message.body)))
            self.end_headers()
            self.wfile.write(message.body)

        def log_message(self, format: str, *args: object) -> None:
            """Silence: tests look at `heard`."""

    return Handler
