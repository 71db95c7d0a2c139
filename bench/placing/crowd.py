"""The buyers of the bench: so many clients at once, each on a connection that it keeps.

What is measured is the request, or the chain of requests, from the client's side; quotes that only
prepare a measurement are asked before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from bench.placing.plan import Plan

HOST = "127.0.0.1"
TRIES = 20
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 60.0
SOLD_OUT = "inventory.out_of_stock"
BUSY = {"kernel.busy", "idempotency.in_flight"}
"""Answers after which a client sends the same request once more."""

Body = dict[str, Any]


@dataclass(slots=True)
class Measure:
    """What one kind of order took: seconds of each, and of all of them together."""

    seconds: list[float] = field(default_factory=list)
    total_seconds: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Orders a second, from the first request to the last order."""
        return len(self.seconds) / self.total_seconds if self.total_seconds else 0.0


class Line:
    """One kept connection, and whoever speaks on it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, token: str, path: str, body: Body, key: str = "") -> tuple[int, Body]:
        """One POST; a connection that the server has closed meanwhile is opened again."""
        payload = _request(self.port, token, path, body, key)
        for fresh in (False, True):
            if fresh or self.writer is None:
                await self._open()
            try:
                return await asyncio.wait_for(self._say(payload), PATIENCE_SECONDS)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                if fresh:
                    raise
        raise AssertionError("unreachable")

    async def _open(self) -> None:
        self.close()
        self.reader, self.writer = await asyncio.open_connection(HOST, self.port)

    async def _say(self, payload: bytes) -> tuple[int, Body]:
        assert self.reader is not None
        assert self.writer is not None
        self.writer.write(payload)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length:", 1)[1].split("\r\n", 1)[0])
        answer = await self.reader.readexactly(length)
        if "connection: close" in head:
            self.close()
        return int(head.split(" ", 2)[1]), json.loads(answer) if answer else {}

    def close(self) -> None:
        """Hang up."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


class Crowd:
    """Everybody who buys in one run."""

    def __init__(self, plan: Plan, world: Body, port: int) -> None:
        self.plan = plan
        self.world = world
        self.port = port
        self.keys = count(1)

    async def run(self) -> dict[str, Measure]:
        """Warm up with each kind, then measure one after the other: a server that has just
        started builds its statements first."""
        plan = self.plan
        await self._placed(plan.clients * 2, lines=1)
        await self._placed(plan.clients, lines=plan.lines)
        await self._whole(plan.clients)
        return {
            "place": await self._placed(plan.orders, lines=1),
            "place_long": await self._placed(plan.long_orders, lines=plan.lines),
            "whole": await self._whole(plan.whole_orders),
            "hot": await self._hot(),
        }

    async def few(self) -> Measure:
        """Orders of one line by few clients, who leave the processors time for something else."""
        return await self._placed(self.plan.few_orders, lines=1, clients=self.plan.few_clients)

    async def _placed(self, orders: int, *, lines: int, clients: int = 0) -> Measure:
        """Place orders whose quotes are at hand."""
        asked = [(self._buyer(n), self._basket(n, lines)) for n in range(orders)]
        bodies = await self._quoted(asked)

        async def place(line: Line, n: int) -> str:
            return await self._place(line, asked[n][0], bodies[n])

        return await self._measured(range(orders), place, clients or self.plan.clients)

    async def _quoted(self, asked: Sequence[tuple[Body, list[Body]]]) -> list[Body]:
        bodies: list[Body] = [{} for _one in asked]

        async def ask(line: Line, n: int) -> str:
            buyer, lines = asked[n]
            body = {"lines": lines, "address_id": buyer["address_id"]}
            status, quote = await line.post(buyer["token"], "checkout/quote/", body)
            if status != 200:
                return str(quote.get("code", status))
            bodies[n] = {**body, "quote_hash": quote["quote_hash"]}
            return ""

        measure = await self._measured(range(len(asked)), ask, self.plan.clients)
        if measure.refusals:
            raise RuntimeError(f"quotes were refused: {dict(measure.refusals)}")
        return bodies

    async def _place(self, line: Line, buyer: Body, body: Body) -> str:
        """Empty when the order stands, else why not."""
        key = f"bench-{next(self.keys)}"
        for _n in range(TRIES):
            status, answer = await line.post(buyer["token"], "orders/", body, key)
            if status == 201:
                return ""
            if answer.get("code") not in BUSY:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return str(answer.get("code", status))

    async def _whole(self, orders: int) -> Measure:
        """Two things into the cart, the quote, the order, the payment, the provider's notice. A
        buyer does one thing at a time: a cart of each buyer's own."""
        clients = self.plan.clients

        async def buy(line: Line, n: int) -> str:
            return await self._buy(line, self._buyer(n), self._basket(n, 2))

        return await self._measured(range(orders), buy, min(clients, self.plan.buyers))

    async def _buy(self, line: Line, buyer: Body, basket: list[Body]) -> str:
        token = buyer["token"]
        for one in basket:
            status, answer = await line.post(token, "cart/lines/", one)
            if status != 201:
                return str(answer.get("code", status))
        body: Body = {"cart": True, "address_id": buyer["address_id"]}
        status, quote = await line.post(token, "checkout/quote/", body)
        if status != 200:
            return str(quote.get("code", status))
        body["quote_hash"] = quote["quote_hash"]
        key = f"bench-{next(self.keys)}"
        status, order = await line.post(token, "orders/", body, key)
        if status != 201:
            return str(order.get("code", status))
        way = {"provider": "sandbox", "scene": "sandbox"}
        status, payment = await line.post(token, f"orders/{order['number']}/pay/", way, key)
        if status != 201:
            return str(payment.get("code", status))
        cashier = urlsplit(payment["action"]["url"]).path
        status, said = await line.post("", cashier, {"result": "success"})
        return "" if said.get("notice_sent") else f"cashier {status}"

    async def _hot(self) -> Measure:
        """Everybody wants the same SKU, again and again until it is gone."""
        lines = [{"sku_id": self.world["hot_sku"], "quantity": 1}]
        asked = [(self._buyer(n), lines) for n in range(self.plan.hot_buyers)]
        bodies = await self._quoted(asked)

        async def order(line: Line, n: int) -> str:
            return await self._place(line, asked[n][0], bodies[n])

        return await self._until_gone(order)

    async def _until_gone(self, order: Callable[[Line, int], Awaitable[str]]) -> Measure:
        measure, began = Measure(), time.monotonic()

        async def buyer(n: int) -> None:
            line, word = Line(self.port), ""
            while not word:
                asked = time.monotonic()
                word = await order(line, n)
                if not word:
                    measure.seconds.append(time.monotonic() - asked)
                    measure.total_seconds = time.monotonic() - began
            measure.refusals[word] += 1
            line.close()

        await asyncio.gather(*(buyer(n) for n in range(self.plan.hot_buyers)))
        return measure

    async def _measured(
        self, jobs: Sequence[int], deed: Callable[[Line, int], Awaitable[str]], clients: int
    ) -> Measure:
        """Let so many clients work the jobs off: client c takes job c, c + clients, ..."""
        measure, began = Measure(), time.monotonic()

        async def client(number: int) -> None:
            line = Line(self.port)
            for job in jobs[number::clients]:
                asked = time.monotonic()
                word = await deed(line, job)
                if word:
                    measure.refusals[word] += 1
                else:
                    measure.seconds.append(time.monotonic() - asked)
            line.close()

        await asyncio.gather(*(client(number) for number in range(clients)))
        measure.total_seconds = time.monotonic() - began
        return measure

    def _buyer(self, n: int) -> Body:
        buyers: list[Body] = self.world["buyers"]
        return buyers[n % len(buyers)]

    def _basket(self, n: int, lines: int) -> list[Body]:
        """Goods from all over the shop, no two lines alike."""
        skus = self.world["skus"]
        step = len(skus) // lines
        return [
            {"sku_id": skus[(n * 37 + place * step) % len(skus)], "quantity": 1}
            for place in range(lines)
        ]


def _request(port: int, token: str, path: str, body: Body, key: str) -> bytes:
    payload = json.dumps(body).encode()
    where = path if path.startswith("/") else f"/api/v1/{path}"
    lines = [
        f"POST {where} HTTP/1.1",
        f"Host: {HOST}:{port}",
        *([f"Authorization: Bearer {token}"] if token else []),
        *([f"Idempotency-Key: {key}"] if key else []),
        "Content-Type: application/json",
        "Accept: application/json",
        "Accept-Language: en",
        f"Content-Length: {len(payload)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload
