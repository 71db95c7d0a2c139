"""`python -m bench.placing [--short] [--products N]`: orders a second through HTTP, against P.

Servers of its own on ports of their own, as production runs them; P is measured before and after
the load, in the same minutes. Exits non-zero when the hot SKU is not sold exactly, or an order was
refused or lacks its goods; a goal that is missed says "below". Source: issue 4, Show 4.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from bench.pgbench import Load, tps
from bench.placing.crowd import Crowd, Measure
from bench.placing.limits import HOT_ORDER, ORDER
from bench.placing.plan import BROUGHT_IN, FULL, SHORT, Plan
from bench.placing.verdict import (
    Run,
    as_json,
    broken_promises,
    rows,
    table,
    where_the_time_goes,
)
from bench.servers import fill_database, mall_environment, python, servers, web
from mall.runner.places import PROJECT, Places, prepare
from mall.runner.servers import Postgres, Redis, free_port
from mall.runner.system import RunnerError, spawn, stop, wait_until

T = TypeVar("T")
RESULT = "orders.json"
STOP = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    options = _options()
    plan = SHORT if options.short else FULL
    plan = replace(plan, products=options.products or plan.products)
    var = options.var.resolve()
    shutil.rmtree(var, ignore_errors=True)
    there = prepare(var)
    say(f"bench-orders: {plan.products} products, {plan.clients} clients, load {_load()}")
    try:
        with servers(there, durable=not options.short) as (postgres, redis):
            run = _measure(plan, there, postgres, redis, options.empty)
    finally:
        shutil.rmtree(there.home, ignore_errors=True)
    return report(run, var / RESULT)


def report(run: Run, path: Path) -> int:
    """Say what was found and keep it; the exit code."""
    found, broken = rows(run), broken_promises(run)
    say(table(found))
    say(where_the_time_goes(run.look))
    for complaint in broken:
        say(f"  BROKEN {complaint}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(run, found), indent=2))
    missed = sum(row.word == "below" for row in found)
    word = "BROKEN" if broken else "ok"
    say(f"bench-orders {word}: {missed} goals missed; load {_load()}; {path}")
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-orders", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few orders in a small shop")
    parser.add_argument("--products", type=int, help="another number of products")
    parser.add_argument(
        "--var", type=Path, default=PROJECT / "var" / "placing", help="data folder, emptied first"
    )
    parser.add_argument(
        "--empty", type=Path, help="a dump of migrated tables, restored instead of migrating"
    )
    return parser.parse_args()


def _measure(
    plan: Plan, there: Places, postgres: Postgres, redis: Redis, empty: Path | None
) -> Run:
    port, world = free_port(), there.var / "world.json"
    environment = mall_environment(postgres, redis, there, port)

    def limit(load: Load) -> float | None:
        return tps(
            load,
            postgres.url,
            programs=postgres.programs.bin,
            folder=postgres.folder,
            seconds=plan.pgbench_seconds,
        )

    def side(deed: str) -> Any:
        said = (json.dumps(asdict(plan)), str(world))
        answer = python(environment, there, "-m", "bench.placing.management", deed, *said)
        return json.loads(answer) if answer else None

    _step("tables", lambda: fill_database(postgres, environment, there, empty))
    _step("shop and buyers", lambda: side("open"))
    before = _step("pgbench", lambda: limit(ORDER))
    with web(environment, there, port):
        buyers = Crowd(plan, json.loads(world.read_text()), port)
        crowd = _step("orders", lambda: asyncio.run(buyers.run()))
        beside = _step("orders beside an import", lambda: _beside(plan, buyers, environment, there))
    after = _step("pgbench again", lambda: limit(ORDER))
    hot_limit = _step("pgbench on one row", lambda: limit(HOT_ORDER))
    books = _step("the books", lambda: side("close"))
    look = _step("where the time goes", lambda: side("look"))
    p = None if before is None or after is None else (before + after) / 2
    return Run(
        plan=plan,
        p=p,
        hot_limit=hot_limit,
        crowd=crowd | beside.crowd,
        look=look,
        books=books,
        brought_in=beside.brought_in,
        is_cut_short=beside.is_cut_short,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """Few clients by themselves and beside an import, and how far that came meanwhile."""

    crowd: dict[str, Measure] = field(default_factory=dict)
    brought_in: int = 0
    is_cut_short: bool = False


def _beside(plan: Plan, buyers: Crowd, environment: dict[str, str], there: Places) -> Beside:
    if not plan.few_orders:
        return Beside()
    alone = asyncio.run(buyers.few())
    with _import(plan, environment, there) as (goods, runs):
        before = goods()
        beside = asyncio.run(buyers.few())
        return Beside({"few": alone, "beside": beside}, goods() - before, not runs())


@contextmanager
def _import(
    plan: Plan, environment: dict[str, str], there: Places
) -> Iterator[tuple[Callable[[], int], Callable[[], bool]]]:
    """A process that brings goods in; how many are in by now, and whether it goes on."""
    count, world = there.var / BROUGHT_IN, str(there.var / "world.json")
    command = [sys.executable, "-m", "bench.placing.management", "import"]
    with there.open_log("import") as log:
        program = spawn(
            [*command, json.dumps(asdict(plan)), world], env=environment, log=log, cwd=PROJECT
        )
    try:
        if not wait_until(lambda: program.poll() is not None or count.exists(), 120):
            raise RunnerError(f"nothing is brought in; see {there.logs / 'import.log'}")
        yield lambda: int(count.read_text() or 0), lambda: program.poll() is None
    finally:
        stop(program, STOP)


def _step(name: str, deed: Callable[[], T]) -> T:
    began = time.monotonic()
    result = deed()
    say(f"  {name}: {time.monotonic() - began:.1f} s")
    return result


def _load() -> str:
    return " ".join(f"{figure:.1f}" for figure in os.getloadavg())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"bench-orders: {error}")
