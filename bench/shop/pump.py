"""The visitors: so many connections at once from one thread, a new one for each request.

gunicorn's sync workers keep no connection open, so nobody does; what a client costs is the same for
the view that does nothing and for the pages that are compared with it.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

HOST = "127.0.0.1"
PIECE = 262_144
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Measure:
    """What one kind of request took: seconds of each, and of all of them together."""

    seconds: list[float] = field(default_factory=list)
    total_seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    copies: int = 0
    """Answers that were a shared copy."""

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.total_seconds if self.total_seconds else 0.0


@dataclass(slots=True)
class Visit:
    """One request on its way."""

    link: socket.socket
    payload: bytes
    began: float
    answer: bytearray = field(default_factory=bytearray)


def load(port: int, requests: Sequence[bytes], *, clients: int, seconds: float) -> Measure:
    """Ask for ``requests`` round and round for so long, after asking for each of them once."""
    _ask(port, requests, clients, PATIENCE_SECONDS)
    return _ask(port, cycle(requests), clients, seconds)


def _ask(port: int, requests: Iterable[bytes], clients: int, seconds: float) -> Measure:
    measure, waiting, queue = Measure(), selectors.DefaultSelector(), iter(requests)
    began = time.perf_counter()
    until = began + seconds
    for payload in islice(queue, clients):
        _open(port, payload, waiting)
    while waiting.get_map():
        ready = waiting.select(PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError(f"no answer within {PATIENCE_SECONDS} s")
        for key, _events in ready:
            if _is_over(key.data, waiting, measure) and time.perf_counter() < until:
                for payload in islice(queue, 1):
                    _open(port, payload, waiting)
    measure.total_seconds = time.perf_counter() - began
    return measure


def _open(port: int, payload: bytes, waiting: selectors.BaseSelector) -> None:
    began = time.perf_counter()
    link = socket.create_connection((HOST, port), PATIENCE_SECONDS)
    link.sendall(payload)
    link.setblocking(False)
    waiting.register(link, selectors.EVENT_READ, Visit(link, payload, began))


def _is_over(visit: Visit, waiting: selectors.BaseSelector, measure: Measure) -> bool:
    """Read on; True when the server has said everything and hung up."""
    piece = visit.link.recv(PIECE)
    if piece:
        visit.answer += piece
        return False
    waiting.unregister(visit.link)
    visit.link.close()
    measure.seconds.append(time.perf_counter() - visit.began)
    head = bytes(visit.answer[:4096]).partition(b"\r\n\r\n")[0]
    measure.statuses[int(head.split(b" ", 2)[1]) if head else 0] += 1
    measure.copies += b"copy;dur=" in head
    return True


def get(port: int, path: str, **headers: str) -> bytes:
    """A GET as a browser sends it."""
    return _request("GET", port, path, headers)


def post(port: int, path: str, form: str, **headers: str) -> bytes:
    """A form of a page of the shop."""
    origin = {"Origin": f"http://{HOST}:{port}"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return _request("POST", port, path, {**origin, **kind, **headers}, form.encode())


def _request(
    method: str, port: int, path: str, headers: dict[str, str], body: bytes = b""
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Accept-Encoding: gzip",
        "Accept-Language: zh-CN",
        "Connection: close",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
