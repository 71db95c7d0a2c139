"""A risk service on the loopback address, as docs/risk.md describes it, and how it may fail."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SIGNATURE = "X-Risk-Signature"
HOST, WAIT_SECONDS = "127.0.0.1", 10


class RiskSimulator:
    """Answers ``points`` to everybody who signs; ``trouble`` is what goes wrong meanwhile."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.points: Any = 0
        self.trouble = ""
        self.delay_seconds = 0.0
        self.heard: list[dict[str, Any]] = []
        self.server = ThreadingHTTPServer((HOST, 0), _handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://{HOST}:{self.server.server_port}/points"

    def answer(self, body: bytes, signature: str) -> tuple[int, bytes, str]:
        """Status, body, signature."""
        time.sleep(self.delay_seconds)
        if not hmac.compare_digest(signature, self.sign(body)):
            return 401, b"{}", ""
        self.heard.append(json.loads(body))
        said = json.dumps({"points": self.points}).encode()
        if self.trouble == "broken":
            return 502, b"bad gateway", ""
        return 200, said, "forged" if self.trouble == "forged" else self.sign(said)

    def sign(self, body: bytes) -> str:
        return hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()


@contextmanager
def running(key: str) -> Iterator[RiskSimulator]:
    """A simulator that listens until the block is left."""
    simulator = RiskSimulator(key)
    thread = threading.Thread(target=simulator.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.server.shutdown()
        simulator.server.server_close()
        thread.join(WAIT_SECONDS)


def _handler_of(simulator: RiskSimulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Silence: tests look at `heard`."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said, signature = simulator.answer(body, self.headers.get(SIGNATURE, ""))
            self.send_response(status)
            self.send_header(SIGNATURE, signature)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    return Handler
