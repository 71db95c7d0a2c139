"""The buyers: asyncio over loopback HTTP, one connection a request, as phones come.

Each claims the coupon, asks for a quote and orders as soon as the sale is open. Every fifth clicks
twice, every tenth loses the connection after sending; whoever got no usable answer asks again with
the same key, as a client should.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.flash.verdict import Answer, Crowd, Plan

HOST = "127.0.0.1"
TRIES = 40
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
AGAIN = {"idempotency.in_flight", "kernel.busy", "promotions.offer_busy", "lost"}
"""Answers after which a client sends the same request once more."""


@dataclass(slots=True)
class Buyer:
    """One phone: its token, what it wants, and what came of it."""

    number: int
    token: str
    address_id: int
    sku_id: int
    grant_id: int | None = None
    order: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def clicks_twice(self) -> bool:
        return self.number % 5 == 0

    @property
    def loses_connection(self) -> bool:
        return self.number % 10 == 3


class Doors:
    """The mall's API as the crowd reaches it: so many requests at once, no more."""

    def __init__(self, port: int, at_once: int) -> None:
        self.port = port
        self.room = asyncio.Semaphore(at_once)

    async def ask(
        self, buyer: Buyer, path: str, body: dict[str, Any], key: str, *, drop: bool = False
    ) -> tuple[Answer, dict[str, Any]]:
        """One POST. ``drop`` closes the connection once everything is sent."""
        async with self.room:
            began = time.monotonic()
            try:
                status, answer = await asyncio.wait_for(
                    self._post(buyer.token, path, body, key, drop), PATIENCE_SECONDS
                )
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                status, answer = 0, {"code": "lost"}
            ended = time.monotonic()
        code = "" if 200 <= status < 300 else str(answer.get("code", ""))
        return Answer(status, code, ended - began, ended), answer

    async def _post(
        self, token: str, path: str, body: dict[str, Any], key: str, drop: bool
    ) -> tuple[int, dict[str, Any]]:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(_request(self.port, token, path, body, key))
            await writer.drain()
            if drop:
                return 0, {"code": "lost"}
            head, _sep, payload = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        status = int(head.split(b" ", 2)[1])
        return status, json.loads(payload) if payload else {}


async def run(plan: Plan, world: dict[str, Any], port: int) -> Crowd:
    """Everybody claims and looks first; then all order at once."""
    doors = Doors(port, plan.at_once)
    buyers = [
        Buyer(number, row["token"], row["address_id"], world["skus"][number % plan.skus])
        for number, row in enumerate(world["buyers"])
    ]
    strange: list[str] = []
    await _all(buyers, lambda buyer: _prepare(doors, world, buyer, strange))
    began = time.monotonic()
    first = await _all(buyers, lambda buyer: _order(doors, buyer, strange))
    return Crowd(
        orders={buyer.number: buyer.order for buyer in buyers if buyer.order},
        answers=[answer for answer in first if answer is not None],
        claimed=sum(buyer.grant_id is not None for buyer in buyers),
        began=began,
        strange=strange,
    )


async def _all(
    buyers: Sequence[Buyer], deed: Callable[[Buyer], Awaitable[Answer | None]]
) -> list[Answer | None]:
    return await asyncio.gather(*(deed(buyer) for buyer in buyers))


async def _prepare(
    doors: Doors, world: dict[str, Any], buyer: Buyer, strange: list[str]
) -> Answer | None:
    """Claim the coupon, then ask what it costs."""
    path = f"promotions/coupons/{world['coupon_id']}/claim/"
    answer, grant = await _until_settled(doors, buyer, path, {}, f"claim-{buyer.number}")
    if answer.status == 201:
        buyer.grant_id = grant["id"]
    elif answer.code != "promotions.coupon_sold_out":
        strange.append(f"claim of buyer {buyer.number}: {answer.status} {answer.code}")
    await _quote(doors, world["campaign_id"], buyer, strange)
    return answer


async def _quote(doors: Doors, campaign_id: int, buyer: Buyer, strange: list[str]) -> None:
    offer = {"kind": "flash", "id": str(campaign_id)}
    buyer.body = {
        "lines": [{"sku_id": buyer.sku_id, "quantity": 1, "offer": offer}],
        "address_id": buyer.address_id,
        **({"coupon_grant_ids": [buyer.grant_id]} if buyer.grant_id else {}),
    }
    answer, quote = await _until_settled(doors, buyer, "checkout/quote/", buyer.body, "")
    if answer.status == 200:
        buyer.body["quote_hash"] = quote["quote_hash"]
    else:
        strange.append(f"quote of buyer {buyer.number}: {answer.status} {answer.code}")


async def _order(doors: Doors, buyer: Buyer, strange: list[str]) -> Answer | None:
    """Order once, however often it is sent; returns the first answer that settled it."""
    if "quote_hash" not in buyer.body:
        return None
    key = f"order-{buyer.number}"
    if buyer.loses_connection:
        await doors.ask(buyer, "orders/", buyer.body, key, drop=True)
    asks = [_until_settled(doors, buyer, "orders/", buyer.body, key)]
    if buyer.clicks_twice:
        asks.append(_until_settled(doors, buyer, "orders/", buyer.body, key))
    answers = await asyncio.gather(*asks)
    numbers = {shape["number"] for answer, shape in answers if answer.status == 201}
    if len(numbers) > 1:
        strange.append(f"buyer {buyer.number} was told two orders of one key: {numbers}")
    for answer, _shape in answers:
        if answer.status != 201 and answer.code != "promotions.offer_sold_out":
            strange.append(f"order of buyer {buyer.number}: {answer.status} {answer.code}")
    buyer.order = next(iter(numbers), "")
    return next((answer for answer, _shape in answers if answer.status == 201), answers[0][0])


async def _until_settled(
    doors: Doors, buyer: Buyer, path: str, body: dict[str, Any], key: str
) -> tuple[Answer, dict[str, Any]]:
    for _n in range(TRIES):
        answer, shape = await doors.ask(buyer, path, body, key)
        if answer.status and answer.status < 300:
            return answer, shape
        if answer.code not in AGAIN and answer.status < 500:
            return answer, shape
        await asyncio.sleep(PAUSE_SECONDS)
    return answer, shape


def _request(port: int, token: str, path: str, body: dict[str, Any], key: str) -> bytes:
    payload = json.dumps(body).encode()
    lines = [
        f"POST /api/v1/{path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(payload)}",
        "Accept-Language: en",
        "Connection: close",
        *([f"Idempotency-Key: {key}"] if key else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload
