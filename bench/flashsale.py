"""A flash sale under load, over loopback HTTP, from empty folders to one line of verdict.

Run: make flashsale, or python bench/flashsale.py [--short]. It starts PostgreSQL, Redis and the web
server of production on ports of their own under var/flashsale, sells, checks the books and stops
everything; it exits non-zero when a promise is broken. Source: issue 3, Show 4; reliability T1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.flash.crowd import run as let_in
from bench.flash.hotrow import HOT_ROW
from bench.flash.verdict import Plan, broken_promises, summary, told
from bench.pgbench import tps
from bench.servers import mall_environment, python, servers, web
from mall.runner.places import Places, prepare
from mall.runner.servers import Postgres, Redis, free_port
from mall.runner.system import RunnerError

ROOT = Path(__file__).resolve().parent.parent
FULL = Plan(buyers=2_000, skus=10, units=20, coupons=60, at_once=500)
SHORT = Plan(buyers=200, skus=2, units=10, coupons=12, at_once=100)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    options = _options()
    plan = SHORT if options.short else FULL
    var = options.var.resolve()
    shutil.rmtree(var, ignore_errors=True)
    there = prepare(var)
    try:
        with servers(there, durable=not options.short) as (postgres, redis):
            return _run(plan, there, postgres, redis, pgbench_seconds=2 if options.short else 6)
    finally:
        shutil.rmtree(there.home, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="200 buyers, 2 SKUs of 10 pieces")
    parser.add_argument(
        "--var", type=Path, default=ROOT / "var" / "flashsale", help="data folder, emptied first"
    )
    return parser.parse_args()


def _run(plan: Plan, there: Places, postgres: Postgres, redis: Redis, pgbench_seconds: int) -> int:
    port = free_port()
    environment = mall_environment(postgres, redis, there, port)
    _step("migrate", lambda: _manage(environment, there, "migrate", "--verbosity", "0"))
    hot = _step(
        "pgbench",
        lambda: tps(
            HOT_ROW,
            postgres.url,
            programs=postgres.programs.bin,
            folder=postgres.folder,
            seconds=pgbench_seconds,
        ),
    )
    world = _step("shop and buyers", lambda: _world(environment, there, "open", plan))
    with web(environment, there, port):
        crowd = _step("the sale", lambda: asyncio.run(let_in(plan, world, port)))
    books = _step("the books", lambda: _world(environment, there, "close", plan))
    broken = broken_promises(plan, crowd, books)
    say(f"  answers: {told(crowd.answers)}")
    for complaint in (*broken, *crowd.strange[:10]):
        say(f"  BROKEN {complaint}")
    limit = "hot row: not run (no pgbench)"
    if hot:
        limit = f"hot row {hot:.0f}/s (orders {crowd.orders_per_second / hot:.3f} of it)"
    say(f"{summary(plan, crowd, books, broken)}; {limit}")
    return 1 if broken else 0


def _step(name: str, deed: Any) -> Any:
    began = time.monotonic()
    result = deed()
    say(f"  {name}: {time.monotonic() - began:.1f} s")
    return result


def _manage(environment: dict[str, str], there: Places, *arguments: str) -> str:
    return python(environment, there, str(ROOT / "manage.py"), *arguments)


def _world(environment: dict[str, str], there: Places, deed: str, plan: Plan) -> Any:
    said = json.dumps(asdict(plan))
    return json.loads(python(environment, there, "-m", "bench.flash.management", deed, said))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"flashsale: {error}")
