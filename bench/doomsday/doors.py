"""The mall's doors as a buyer reaches them: plain HTTP/1.1, one connection a request.

An answer that cannot be used (lost, busy, refused for a moment) is no answer: the same request goes
out again with the same key, and every word of it is in the journal.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.doomsday.journal import Journal

HOST = "127.0.0.1"
PATIENCE_SECONDS = 40.0
TRIES = 90
PAUSE_SECONDS = 0.5
LOST = 0
AGAIN = frozenset(
    {
        "idempotency.in_flight",
        "kernel.busy",
        "kernel.too_many",
        "promotions.offer_busy",
        "orders.provider_away",
    }
)
"""Refusals after which a client asks again."""
FACTS = ("number", "status", "payable_fen", "payment_no", "amount_fen", "id")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or none (status 0)."""

    status: int
    shape: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        return "" if self.is_good else str(self.shape.get("code", ""))

    @property
    def is_no_answer(self) -> bool:
        """True when the client has to ask again."""
        return self.status in (LOST, 429, 503) or self.code in AGAIN


@dataclass(slots=True)
class Buyer:
    """One phone."""

    number: int
    phone: str
    password: str
    address_id: int
    token: str = ""
    signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ip(self) -> str:
        return f"198.51.{self.number // 250}.{self.number % 250 + 1}"


class Doors:
    """Everything that is asked goes through here."""

    def __init__(self, port: int, payers: int, journal: Journal) -> None:
        self.port = port
        self.payers = payers
        self.journal = journal
        self.strange: dict[str, int] = {}

    async def post(
        self, buyer: Buyer, path: str, body: dict[str, Any], *, key: str = "", drop: bool = False
    ) -> Answer:
        """Ask until there is an answer; the intent is written before, the answer after."""
        await self.journal.write({"what": "intent", "path": path, "key": key, "body": body})
        if drop:
            await self._once(buyer, path, body, key, drop=True)
        answer = Answer(LOST)
        for tried in range(TRIES):
            answer = await self._once(buyer, path, body, key)
            if answer.status == 401:
                await self.sign_in(buyer, stale=buyer.token)
            elif answer.status >= 500 and not answer.is_no_answer:
                name = f"{answer.status} {answer.code} of {path}"
                self.strange[name] = self.strange.get(name, 0) + 1
            elif not answer.is_no_answer:
                break
            await asyncio.sleep(PAUSE_SECONDS * min(1 + tried / 4, 4))
        facts = {name: answer.shape[name] for name in FACTS if name in answer.shape}
        await self.journal.write(
            {"what": "answer", "path": path, "key": key, "status": answer.status,
             "code": answer.code, "facts": facts, "buyer": buyer.number}
        )  # fmt: skip
        return answer

    async def get(self, buyer: Buyer, path: str) -> Answer:
        """Look at something, once."""
        return await self._once(buyer, path, None, "")

    async def sign_in(self, buyer: Buyer, stale: str = "") -> None:
        """A token by phone and password; tokens live half an hour."""
        async with buyer.signing_in:
            if buyer.token != stale:
                return
            body = {"phone": buyer.phone, "password": buyer.password}
            for _n in range(TRIES):
                answer = await self._once(buyer, "auth/login/", body, "")
                if answer.is_good:
                    buyer.token = answer.shape["access"]
                    return
                await asyncio.sleep(PAUSE_SECONDS)
            raise RuntimeError(f"buyer {buyer.number} cannot sign in: {answer}")

    async def pay(self, provider: str, payment_no: str) -> bool:
        """The payer's own app: the money moves at the provider, the mall hears of it or not."""
        answer = await self._http("POST", self.payers, f"/pay/{provider}/{payment_no}", {}, b"")
        if answer.is_good:
            await self.journal.write({"what": "money", "no": payment_no, "provider": provider})
        return answer.is_good

    async def visit(self, url: str) -> bool:
        """Open a page of the provider."""
        parts = urlsplit(url)
        for _n in range(TRIES):
            target = f"{parts.path}?{parts.query}"
            answer = await self._http("GET", parts.port or 80, target, {}, b"")
            if answer.status:
                return answer.is_good
            await asyncio.sleep(PAUSE_SECONDS)
        return False

    async def _once(
        self, buyer: Buyer, path: str, body: dict[str, Any] | None, key: str, *, drop: bool = False
    ) -> Answer:
        headers = {"Accept-Language": "en", "X-Forwarded-For": buyer.ip}
        if buyer.token and path != "auth/login/":
            headers["Authorization"] = f"Bearer {buyer.token}"
        if key:
            headers["Idempotency-Key"] = key
        payload = b"" if body is None else json.dumps(body).encode()
        method = "GET" if body is None else "POST"
        return await self._http(method, self.port, f"/api/v1/{path}", headers, payload, drop=drop)

    async def _http(
        self,
        method: str,
        port: int,
        target: str,
        headers: dict[str, str],
        payload: bytes,
        *,
        drop: bool = False,
    ) -> Answer:
        try:
            return await asyncio.wait_for(
                _exchange(method, port, target, headers, payload, drop), PATIENCE_SECONDS
            )
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError, IndexError):
            return Answer(LOST)


async def _exchange(
    method: str, port: int, target: str, headers: dict[str, str], payload: bytes, drop: bool
) -> Answer:
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(payload)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
        await writer.drain()
        if drop:
            return Answer(LOST)
        head, _blank, content = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    return read_answer(head, content)


def read_answer(head: bytes, content: bytes) -> Answer:
    """The answer of a head and what came after it. Raises: ValueError when it is not whole: the
    process that wrote it died meanwhile."""
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _c, value in (x.partition(":") for x in lines)}
    if len(content) < int(headers.get("content-length", "0")):
        raise ValueError("an answer cut short")
    is_json = "json" in headers.get("content-type", "") and content
    return Answer(int(first.split(" ", 2)[1]), _object(json.loads(content)) if is_json else {})


def _object(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {"list": said}
