"""Where the time of an order goes: one client, in this process, statement by statement.

Needs Django set up. Times are medians: one slow disk write does not speak for all.
"""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from bench.placing.plan import Plan
from mall.api.testing import ApiClient
from mall.kernel.testing.queries import CONTROL

PRICE, WRITE, RESERVE, KEY, CONTROLLED = "price", "write", "reserve", "key", "commit"
PHASES = (PRICE, WRITE, RESERVE, KEY, CONTROLLED)
HOT_ROW = 'FROM "inventory_stockitem"'
TOP = 8


class Statements:
    """What one request asked of the database: (SQL, seconds) in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.asked.append((str(sql), time.perf_counter() - began))

    @property
    def counted(self) -> list[str]:
        """Without transaction control, as performance.md counts."""
        return [sql for sql, _seconds in self.asked if not sql.lstrip().startswith(CONTROL)]

    def after_hot_row(self) -> int:
        """Statements from the lock of the stock rows to the end: how long a hot row is held."""
        counted = self.counted
        locks = [n for n, sql in enumerate(counted) if HOT_ROW in sql and "FOR NO KEY" in sql]
        return len(counted) - locks[-1] - 1 if locks else 0

    def by_phase(self) -> dict[str, tuple[int, float]]:
        """Statements and seconds of each phase of a placement."""
        counts: Counter[str] = Counter()
        seconds: defaultdict[str, float] = defaultdict(float)
        phase = PRICE
        for sql, took in self.asked:
            phase = _next(phase, sql)
            own = _own_phase(sql) or phase
            counts[own] += own != CONTROLLED
            seconds[own] += took
        return {name: (counts[name], seconds[name]) for name in PHASES}


def _next(phase: str, sql: str) -> str:
    if 'INSERT INTO "orders_order"' in sql:
        return WRITE
    if HOT_ROW in sql and "FOR NO KEY" in sql:
        return RESERVE
    return phase


def _own_phase(sql: str) -> str:
    if sql.lstrip().startswith(CONTROL):
        return CONTROLLED
    return KEY if "idempotencyrecord" in sql or '"members_signin"' in sql else ""


@contextmanager
def watched() -> Iterator[Statements]:
    """Collect the statements of a block with their times."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        yield statements


def anatomy(plan: Plan, world: Mapping[str, Any]) -> dict[str, Any]:
    """Counts of one order and of a whole one, phases of placements, and what Python does."""
    client = Buyer(world)
    client.place(1)
    one, twenty = client.place(1), client.place(plan.lines)
    looks = [client.place(1) for _n in range(plan.looks)]
    return {
        "statements": {
            "place": len(one.statements.counted),
            "place_long": len(twenty.statements.counted),
            "whole": {name: len(part.counted) for name, part in client.whole().items()},
            "after_hot_row": one.statements.after_hot_row(),
        },
        "total_ms": _ms(look.seconds for look in looks),
        "sql_ms": _ms(look.sql_seconds for look in looks),
        "phases": {
            name: {
                "statements": looks[0].statements.by_phase()[name][0],
                "ms": _ms(look.statements.by_phase()[name][1] for look in looks),
            }
            for name in PHASES
        },
        "python": _profiled(plan, client),
    }


def _ms(seconds: Iterator[float] | Any) -> float:
    return round(median(seconds) * 1000, 2)


class Placement:
    """One placed order: what it asked, and how long it took in all."""

    def __init__(self, statements: Statements, seconds: float) -> None:
        self.statements = statements
        self.seconds = seconds

    @property
    def sql_seconds(self) -> float:
        return sum(took for _sql, took in self.statements.asked)


class Buyer:
    """One signed-in client of the test kind: no network between it and the views."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.world = world
        self.client = ApiClient()
        self.number = 0

    def _next(self) -> Mapping[str, Any]:
        """The next buyer: no account meets its limit of requests."""
        self.number += 1
        buyer: Mapping[str, Any] = self.world["buyers"][self.number % len(self.world["buyers"])]
        self.client.token = buyer["token"]
        return buyer

    def _lines(self, number: int) -> list[dict[str, int]]:
        skus = self.world["skus"]
        step = len(skus) // number
        return [
            {"sku_id": skus[(self.number * 31 + n * step) % len(skus)], "quantity": 1}
            for n in range(number)
        ]

    def ask(self, path: str, body: dict[str, Any], status: int, key: str = "") -> Any:
        """One request of the API that must end well."""
        answer = self.client.post_json(path, body, key=key or None)
        if answer.status_code != status:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
        return answer.json()

    def place(self, lines: int) -> Placement:
        """Quote, then place an order of so many lines; only the placing is watched."""
        body, key = self.quoted(lines)
        with watched() as statements:
            began = time.perf_counter()
            self.ask("orders/", body, 201, key)
            seconds = time.perf_counter() - began
        return Placement(statements, seconds)

    def quoted(self, lines: int) -> tuple[dict[str, Any], str]:
        """A body that can be ordered, and a key for it."""
        buyer = self._next()
        body: dict[str, Any] = {
            "lines": self._lines(lines),
            "address_id": buyer["address_id"],
        }
        body["quote_hash"] = self.ask("checkout/quote/", body, 200)["quote_hash"]
        return body, f"anatomy-{self.number}"

    def whole(self) -> dict[str, Statements]:
        """The statements of a whole order, request by request, as a member with a cart asks."""
        buyer = self._next()
        parts: dict[str, Statements] = {}

        def part(name: str, deed: Callable[[], Any]) -> Any:
            with watched() as parts[name]:
                return deed()

        key = f"anatomy-{self.number}"
        one, two = self._lines(2)
        part("first add", lambda: self.ask("cart/lines/", one, 201))
        part("second add", lambda: self.ask("cart/lines/", two, 201))
        body: dict[str, Any] = {"cart": True, "address_id": buyer["address_id"]}
        quote = part("quote", lambda: self.ask("checkout/quote/", body, 200))
        body["quote_hash"] = quote["quote_hash"]
        order = part("place", lambda: self.ask("orders/", body, 201, key))
        way = {"provider": "sandbox", "scene": "sandbox"}
        path = f"orders/{order['number']}/pay/"
        payment = part("pay", lambda: self.ask(path, way, 201, key))
        cashier = urlsplit(payment["action"]["url"]).path
        part("notice", lambda: self.client.post(cashier, {"result": "success"}))
        return parts


def _profiled(plan: Plan, client: Buyer) -> dict[str, float]:
    """Share of the time by package, in per cent: where the interpreter is when it is asked."""
    bodies = [client.quoted(1) for _n in range(plan.looks)]
    profile = cProfile.Profile()
    for number, (body, key) in enumerate(bodies, client.number - len(bodies) + 1):
        buyer = client.world["buyers"][number % len(client.world["buyers"])]
        client.client.token = buyer["token"]
        profile.enable()
        client.ask("orders/", body, 201, key)
        profile.disable()
    shares: Counter[str] = Counter()
    for (file, _line, name), (_n, _calls, own, _all, _callers) in pstats.Stats(
        profile
    ).stats.items():  # type: ignore[attr-defined]
        shares[_package(file, name)] += own
    total = sum(shares.values())
    return {name: round(own / total * 100, 1) for name, own in shares.most_common(TOP)}


def _package(file: str, name: str) -> str:
    """django.db, rest_framework, promotions, ...: the first words of where the code lies."""
    if file == "~":
        return "waiting for PostgreSQL" if "wait" in name or "poll" in name else "built-in"
    parts = Path(file).parts
    if "site-packages" in parts:
        inner = parts[parts.index("site-packages") + 1 :]
        return ".".join(inner[:2]) if inner[0] == "django" else inner[0]
    home = Path(__file__).resolve().parents[2].parts
    if parts[: len(home)] == home:
        return parts[len(home)]
    return "standard library"
