"""The table of the shop window: requests a second as shares of H, beside the goals. Pure.

Goals: performance.md. A figure below its goal says so; only a wrong answer makes a run fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bench.flash.verdict import percentile
from bench.shop.plan import ADD, COST_AT_MOST, GOALS, Goal
from bench.shop.pump import Measure

CACHED, UNCACHED, PEER = "kept", "made", "oscar"
Found = Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Shop:
    """One size: H beside it, everything that was asked with copies and without; what the peer
    answered, or why it was not asked."""

    products: int
    hello: float
    found: Mapping[str, Found]
    peer: Found = field(default_factory=dict)
    no_peer: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    products: int
    name: str
    way: str
    per_second: float
    ratio: float
    p50_ms: float
    p95_ms: float
    goal: float | None

    @property
    def word(self) -> str:
        """ok or below; empty without a goal."""
        if self.goal is None:
            return ""
        return "ok" if self.ratio >= self.goal else "below"


def rows(shop: Shop) -> list[Row]:
    """The lines of one size."""
    lines = []
    for way, found in shop.found.items():
        for goal in GOALS:
            if goal.name in found:
                lines.append(_row(shop, goal, way, found[goal.name]))
    return lines


def _row(shop: Shop, goal: Goal, way: str, measure: Measure) -> Row:
    return Row(
        products=shop.products,
        name=goal.name,
        way=way,
        per_second=measure.per_second,
        ratio=measure.per_second / shop.hello,
        p50_ms=percentile(measure.seconds, 50) * 1000,
        p95_ms=percentile(measure.seconds, 95) * 1000,
        goal={CACHED: goal.cached, UNCACHED: goal.uncached}.get(way),
    )


def growth(found: Sequence[Row]) -> list[tuple[str, str, float, bool]]:
    """(name, way, cost in the largest shop over cost in the smallest, within the goal)."""
    sizes = sorted({row.products for row in found})
    by_key = {(row.products, row.name, row.way): row for row in found}
    told = []
    for (products, name, way), row in by_key.items():
        if products == sizes[-1] and len(sizes) > 1:
            cost = by_key[sizes[0], name, way].ratio / row.ratio
            told.append((name, way, cost, cost <= COST_AT_MOST))
    return told


def table(found: Sequence[Row]) -> str:
    """The rows in columns."""
    heading = (
        f"  {'products':>9}  {'asked':<12}{'answer':<7}{'a second':>9}{'of H':>8}"
        f"{'p50 ms':>9}{'p95 ms':>9}  goal"
    )
    lines = [
        f"  {row.products:>9,}  {row.name:<12}{row.way:<7}{row.per_second:>9.0f}{row.ratio:>8.3f}"
        f"{row.p50_ms:>9.1f}{row.p95_ms:>9.1f}  {_goal(row)}"
        for row in found
    ]
    return "\n".join([heading, *lines])


def _goal(row: Row) -> str:
    return "" if row.goal is None else f"{row.goal:.2f} {row.word}"


def growth_table(found: Sequence[Row]) -> str:
    """What a request costs in the largest shop, of what it costs in the smallest."""
    told = growth(found)
    if not told:
        return "  cost by size: one size only"
    lines = [
        f"  {name:<12}{way:<7}{cost:>6.2f} x  {COST_AT_MOST} {'ok' if is_met else 'above'}"
        for name, way, cost, is_met in told
    ]
    return "\n".join(["  cost in the largest shop over the smallest (of H)", *lines])


def peer_table(shops: Sequence[Shop], name: str) -> str:
    """Ours beside the peer's, as shares of H, and how many times as many ours are."""
    lines = [
        f"  {'products':>9}  {'asked':<12}{CACHED:>9}{UNCACHED:>9}{name:>18}{'made/its':>10}"
        f"{'its p50 ms':>12}{'its p95 ms':>12}"
    ]
    for shop in shops:
        theirs = {row.name: row for row in rows(_only(shop, PEER, shop.peer))}
        ours = {(row.name, row.way): row.ratio for row in rows(shop)}
        for asked, row in theirs.items():
            kept, made = (ours.get((asked, way), 0.0) for way in (CACHED, UNCACHED))
            shown = "-" if asked == ADD else f"{kept:.3f}"
            lines.append(
                f"  {row.products:>9,}  {asked:<12}{shown:>9}{made:>9.3f}{row.ratio:>18.4f}"
                f"{made / row.ratio:>9.1f}x{row.p50_ms:>12.1f}{row.p95_ms:>12.1f}"
            )
        if not theirs:
            lines.append(f"  {shop.products:>9,}  oscar: not run: {shop.no_peer}")
    return "\n".join(lines)


def _only(shop: Shop, way: str, found: Found) -> Shop:
    return replace(shop, found={way: found})


def as_json(shops: Sequence[Shop], machine: str) -> dict[str, Any]:
    """The run for a machine to read."""
    return {
        "machine": machine,
        "hello_per_second": {shop.products: round(shop.hello, 1) for shop in shops},
        "rows": [
            {
                "products": row.products,
                "name": row.name,
                "way": row.way,
                "per_second": round(row.per_second, 1),
                "ratio_to_h": round(row.ratio, 4),
                "p50_ms": round(row.p50_ms, 2),
                "p95_ms": round(row.p95_ms, 2),
                "goal": row.goal,
                "verdict": row.word,
            }
            for shop in shops
            for row in (*rows(shop), *rows(_only(shop, PEER, shop.peer)))
        ],
        "oscar_not_run": {shop.products: shop.no_peer for shop in shops if not shop.peer},
    }
