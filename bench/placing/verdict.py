"""The bench's table: what was measured, as ratios to P, beside the goals. Pure.

Goals: performance.md. A row below its goal says so; only pieces sold too often, or orders without
their goods, make a run fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.flash.verdict import percentile
from bench.placing.crowd import SOLD_OUT, Measure
from bench.placing.plan import Plan

PLACE_STATEMENTS, WHOLE_STATEMENTS = 20, 60
PLACE_RATIO, STRETCH_RATIO, WHOLE_RATIO, HOT_RATIO = 0.06, 0.12, 0.02, 0.05
PLACE_P95_MS = 250.0
BESIDE_TIMES = 2.0
PHASES = {
    "price": "who, where to, what it costs",
    "write": "order, lines, steps, history",
    "reserve": "stock, movements, events",
    "key": "token and idempotency key",
    "commit": "begin, savepoints, commit",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``is_met`` None where there is no goal, or nothing to compare with."""

    name: str
    found: str
    goal: str = ""
    is_met: bool | None = None

    @property
    def word(self) -> str:
        """ok or below; empty without a goal."""
        return "" if self.is_met is None else "ok" if self.is_met else "below"


@dataclass(frozen=True, slots=True)
class Run:
    """Everything one run found."""

    plan: Plan
    p: float | None
    hot_limit: float | None
    crowd: Mapping[str, Measure]
    look: Mapping[str, Any]
    books: Mapping[str, Any]
    brought_in: int = 0
    """Products of the import, while the orders beside it were placed."""
    is_cut_short: bool = False
    """The import ended before those orders did."""

    def ratio(self, name: str) -> float | None:
        """Orders a second as a share of P."""
        return self.crowd[name].per_second / self.p if self.p else None

    def milliseconds(self, name: str, percent: int) -> float:
        """A percentile of how long one order took."""
        return percentile(self.crowd[name].seconds, percent) * 1000


def rows(run: Run) -> list[Row]:
    """The table."""
    plan, counted = run.plan, run.look["statements"]
    whole = sum(counted["whole"].values())
    return [
        Row("P, pgbench's order transaction", _rate(run.p)),
        Row("all of them on one hot row", f"{_rate(run.hot_limit)} ({_share(run.hot_limit, run)})"),
        _speed(run, "place", "place order, 1 line", PLACE_RATIO),
        _fast(run, "place", f"... p95 at {plan.clients} clients"),
        _speed(run, "place_long", f"place order, {plan.lines} lines", PLACE_RATIO),
        _fast(run, "place_long", f"... p95 at {plan.clients} clients"),
        _speed(run, "whole", "whole order", WHOLE_RATIO),
        *_beside(run),
        _speed(run, "hot", f"hot SKU, {plan.hot_buyers} buyers", HOT_RATIO),
        _exactly("... pieces sold", plan.hot_pieces, run.books["hot_sold"]),
        Row("... statements after its row is locked", str(counted["after_hot_row"])),
        _few("statements, place 1 line", counted["place"], PLACE_STATEMENTS),
        _few(f"statements, place {plan.lines} lines", counted["place_long"], PLACE_STATEMENTS),
        _few("statements, whole order", whole, WHOLE_STATEMENTS),
    ]


def broken_promises(run: Run) -> list[str]:
    """What makes the run fail, in words."""
    pieces, books, hot = run.plan.hot_pieces, run.books, run.crowd["hot"]
    told = {
        "pieces of the hot SKU sold": books["hot_sold"],
        "pieces of the hot SKU reserved": books["hot_reserved"],
        "buyers of the hot SKU told yes": len(hot.seconds),
    }
    found = [f"{what}: {n} instead of {pieces}" for what, n in told.items() if n != pieces]
    if set(hot.refusals) - {SOLD_OUT}:
        found.append(f"hot SKU: {dict(hot.refusals)}")
    for name, measure in run.crowd.items():
        if name != "hot" and measure.refusals:
            found.append(f"{name}: {dict(measure.refusals)}")
    if run.is_cut_short:
        found.append("the import ended before the orders beside it")
    if books["pieces_without_stock"]:
        found.append(f"pieces ordered that no stock holds: {books['pieces_without_stock']}")
    return found


def table(found: Sequence[Row]) -> str:
    """The rows in columns."""
    return "\n".join(f"  {row.name:<42}{row.found:<44}{row.goal:<22}{row.word}" for row in found)


def where_the_time_goes(look: Mapping[str, Any]) -> str:
    """One placement of one line in this process, in words: SQL by phase, then Python by package."""
    total, sql = look["total_ms"], look["sql_ms"]
    lines = [
        f"where the time goes (one order of one line, one client, no network): {total:.1f} ms,",
        f"  {sql:.1f} ms ({_percent(sql, total)}) in SQL, {total - sql:.1f} ms"
        f" ({_percent(total - sql, total)}) in Python",
    ]
    for name, words in PHASES.items():
        phase = look["phases"][name]
        share = _percent(phase["ms"], total)
        lines.append(f"  {phase['ms']:6.1f} ms {share:>5}  {phase['statements']:2} x  {words}")
    shares = ", ".join(f"{name} {share:.0f} %" for name, share in look["python"].items())
    lines.append(f"  under the profiler: {shares}")
    parts = ", ".join(f"{name} {n}" for name, n in look["statements"]["whole"].items())
    lines.append(f"  statements of a whole order: {parts}")
    return "\n".join(lines)


def as_json(run: Run, found: Sequence[Row]) -> dict[str, Any]:
    """The run for a machine to read."""
    return {
        "products": run.plan.products,
        "clients": run.plan.clients,
        "p_per_second": run.p,
        "hot_limit_per_second": run.hot_limit,
        "measures": {
            name: {
                "orders": len(measure.seconds),
                "per_second": round(measure.per_second, 2),
                "ratio_to_p": None if run.p is None else round(measure.per_second / run.p, 4),
                "p50_ms": round(run.milliseconds(name, 50), 1),
                "p95_ms": round(run.milliseconds(name, 95), 1),
            }
            for name, measure in run.crowd.items()
        },
        "look": dict(run.look),
        "books": dict(run.books),
        "rows": [
            {"name": row.name, "found": row.found, "goal": row.goal, "verdict": row.word}
            for row in found
        ],
    }


def _speed(run: Run, kind: str, name: str, goal: float) -> Row:
    ratio, per_second = run.ratio(kind), run.crowd[kind].per_second
    shown = "no pgbench" if ratio is None else f"{ratio:.4f} P"
    found = f"{per_second:.1f}/s = {shown}, p50 {run.milliseconds(kind, 50):.0f} ms"
    stretch = f" (stretch {STRETCH_RATIO})" if kind == "place" else ""
    return Row(name, found, f">= {goal} P{stretch}", None if ratio is None else ratio >= goal)


def _fast(run: Run, kind: str, name: str) -> Row:
    took = run.milliseconds(kind, 95)
    return Row(name, f"{took:.0f} ms", f"<= {PLACE_P95_MS:.0f} ms", took <= PLACE_P95_MS)


def _beside(run: Run) -> list[Row]:
    """F-40: what an import costs the buyers."""
    if "beside" not in run.crowd:
        return []
    alone, beside = (run.milliseconds(name, 95) for name in ("few", "beside"))
    times = beside / alone
    found = f"{beside:.0f} ms, {alone:.0f} without = {times:.2f} times; {run.brought_in} came in"
    name = f"p95 at {run.plan.few_clients} clients beside an import"
    return [Row(name, found, f"<= {BESIDE_TIMES:.0f} times", times <= BESIDE_TIMES)]


def _few(name: str, found: int, most: int) -> Row:
    return Row(name, str(found), f"<= {most}", found <= most)


def _exactly(name: str, wanted: int, found: int) -> Row:
    return Row(name, str(found), f"exactly {wanted}", found == wanted)


def _rate(tps: float | None) -> str:
    return "not run (no pgbench)" if tps is None else f"{tps:.0f}/s"


def _share(tps: float | None, run: Run) -> str:
    return f"{tps / run.p:.2f} P" if tps and run.p else "-"


def _percent(part: float, whole: float) -> str:
    return f"{part / whole * 100:.0f} %" if whole else "-"
