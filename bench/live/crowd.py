"""Visitors and buyers of the rehearsal: so many requests a second, each with its answer."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mall.runner.servers import HOST

WAIT_SECONDS = 30.0
BROWSING, LOOKING, HOME, BUYING = 45, 25, 10, 20
"""Shares of what is done, in per cent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: when it began, how long it took, what came (0: nothing)."""

    at: float
    seconds: float
    status: int
    deed: str


@dataclass
class Crowd:
    """Clients in threads; each sends one request every ``clients / per_second`` seconds."""

    port: int
    world: dict[str, Any]
    per_second: float
    clients: int = 10
    answers: list[Answer] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        for number in range(self.clients):
            thread = threading.Thread(target=self._stroll, args=(number,), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(WAIT_SECONDS)

    def between(self, begin: float, end: float) -> list[Answer]:
        """Requests that were under way at some time of the span."""
        return [one for one in self.answers if one.at <= end and one.at + one.seconds >= begin]

    def _stroll(self, number: int) -> None:
        pause = self.clients / self.per_second
        dice = random.Random(number)  # noqa: S311 - a schedule, no secret
        begin = time.monotonic() + pause * number / self.clients
        for turn in itertools.count():
            if self.over.wait(max(0.0, begin + turn * pause - time.monotonic())):
                return
            self._act(dice, f"{number}-{turn}")

    def _act(self, dice: random.Random, key: str) -> None:
        buyer = dice.choice(self.world["buyers"])
        deeds: Sequence[tuple[int, Callable[[], None]]] = (
            (BROWSING, lambda: self._get("list", "/api/v1/catalog/products/", buyer)),
            (LOOKING, lambda: self._get("product", self._product(dice), buyer)),
            (HOME, lambda: self._get("home", "/", buyer)),
            (BUYING, lambda: self._buy(dice, buyer, key)),
        )
        dice.choices([deed for _share, deed in deeds], [share for share, _deed in deeds])[0]()

    def _product(self, dice: random.Random) -> str:
        return f"/api/v1/catalog/products/{dice.choice(self.world['products'])}/"

    def _get(self, deed: str, path: str, buyer: dict[str, Any]) -> None:
        self._ask(deed, "GET", path, buyer, None)

    def _buy(self, dice: random.Random, buyer: dict[str, Any], key: str) -> None:
        lines = [{"sku_id": dice.choice(self.world["skus"]), "quantity": 1}]
        body: dict[str, Any] = {"lines": lines, "address_id": buyer["address_id"]}
        quote = self._ask("quote", "POST", "/api/v1/checkout/quote/", buyer, body)
        if quote is None:
            return
        body["quote_hash"] = quote["quote_hash"]
        order = self._ask("order", "POST", "/api/v1/orders/", buyer, body, key)
        if order is not None:
            self.placed.append(order["number"])

    def _ask(
        self, deed: str, method: str, path: str, buyer: dict[str, Any], body: Any, key: str = ""
    ) -> dict[str, Any] | None:
        """The JSON of a good answer; every answer is written down."""
        headers = {"Authorization": f"Bearer {buyer['token']}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        began = time.monotonic()
        status, said = self._exchange(method, path, headers, body)
        self.answers.append(Answer(began, time.monotonic() - began, status, deed))
        if not 200 <= status < 300:
            self.broken[f"{deed} {status}"] += 1
            return None
        return json.loads(said) if path.startswith("/api/") else None

    def _exchange(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> tuple[int, bytes]:
        link = http.client.HTTPConnection(HOST, self.port, timeout=WAIT_SECONDS)
        try:
            link.request(method, path, None if body is None else json.dumps(body), headers)
            answer = link.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            link.close()
