"""`python -m bench.shop [--short] [--sizes 1000,10000] [--oscar-sizes 1000]`: the shop window,
against a view that does nothing and beside django-oscar.

Servers of its own on ports of their own; H is measured before and after each size, in the same
minutes. Every size is asked with shared copies and with none kept, then django-oscar with the same
goods. Exits non-zero when ours served something else than the right answer; a goal that is missed
says "below", a django-oscar that could not be asked "not run". Source: issue 5, Show 5.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from bench.servers import fill_database, mall_environment, python, servers
from bench.shop.asking import complaints, measured
from bench.shop.peer import NAME, Peer, installed, last_line, peer_of
from bench.shop.plan import FULL, SHORT, Plan
from bench.shop.pump import get, load
from bench.shop.serving import serve
from bench.shop.verdict import (
    CACHED,
    UNCACHED,
    Found,
    Row,
    Shop,
    as_json,
    growth_table,
    peer_table,
    rows,
    table,
)
from mall.runner.places import PROJECT, Places, prepare
from mall.runner.servers import Postgres, free_port
from mall.runner.system import RunnerError

T = TypeVar("T")
RESULT = "shop.json"
VENV = PROJECT / "var" / "oscar-venv"
HELLO = "bench.shop.hello:application"
MALL = "mall.wsgi:application"
LIVES = {CACHED: "60", UNCACHED: "0"}
"""PAGE_CACHE_SECONDS."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    options = _options()
    plan = SHORT if options.short else FULL
    plan = replace(plan, sizes=options.sizes or plan.sizes)
    if options.oscar_sizes is not None:
        plan = replace(plan, peer_sizes=options.oscar_sizes)
    var = options.var.resolve()
    say(f"bench-shop on {machine()}")
    shops, wrong = [], []
    with TemporaryDirectory() as kept:
        empty = options.empty or Path(kept) / "empty.sql"
        for products in plan.sizes:
            shutil.rmtree(var, ignore_errors=True)
            shop, said = one_size(plan, products, prepare(var), empty)
            shops.append(shop)
            wrong += said
    shutil.rmtree(var, ignore_errors=True)
    return report(shops, wrong, options.result)


def report(shops: list[Shop], wrong: list[str], path: Path) -> int:
    """Say what was found and keep it; the exit code."""
    found: list[Row] = [row for shop in shops for row in rows(shop)]
    say("\n".join(f"  H with {s.products:,} products: {s.hello:.0f} a second" for s in shops))
    say(table(found))
    say(growth_table(found))
    say(peer_table(shops, NAME))
    for complaint in wrong:
        say(f"  WRONG {complaint}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(shops, machine()), indent=2))
    missed = sum(row.word == "below" for row in found)
    say(f"bench-shop {'WRONG' if wrong else 'ok'}: {missed} goals missed; {machine()}; {path}")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-shop", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a moment in a small shop")
    parser.add_argument("--sizes", type=_sizes, help="other numbers of products: 1000,10000")
    parser.add_argument(
        "--oscar-sizes", type=_sizes, help="sizes at which django-oscar is asked too; '' for none"
    )
    parser.add_argument(
        "--var", type=Path, default=PROJECT / "var" / "shop", help="data folder, emptied first"
    )
    parser.add_argument("--result", type=Path, default=PROJECT / "var" / RESULT)
    parser.add_argument(
        "--empty", type=Path, help="a dump of migrated tables, restored instead of migrating"
    )
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(",") if word)


def one_size(plan: Plan, products: int, there: Places, empty: Path) -> tuple[Shop, list[str]]:
    """A shop of so many products, asked in both ways; what was served wrongly, in words. Tables
    come out of ``empty``, which the first size makes."""
    say(f"{products:,} products, load {_load()}")
    with servers(there, durable=False) as (postgres, redis):
        environment = mall_environment(postgres, redis, there, free_port())
        environment |= {"DJANGO_SETTINGS_MODULE": "mall.settings", "ALLOWED_HOSTS": "127.0.0.1"}
        environment |= {"TRUSTED_PROXIES": "1"}
        known = empty if empty.exists() else None
        _step("tables", lambda: fill_database(postgres, environment, there, known))
        if known is None:
            dump(postgres, empty)
        tool = (environment, there, "-m", "bench.shop.management")
        words = (str(products), str(plan.spread), str(plan.categories))
        world = json.loads(_step("goods", lambda: python(*tool, "open", *words)))
        hello = [_step("H", lambda: hellos(plan, environment, there))]
        found, said = ours(plan, world, environment, there)
        hello.append(_step("H again", lambda: hellos(plan, environment, there)))
        goods = there.var / "goods.csv"
        python(*tool, "goods", str(goods))
        peer = beside(replace(plan, sizes=(products,)), world, goods, postgres, there)
    wrong = [f"{products:,} {text}" for text in said]
    return Shop(products, sum(hello) / len(hello), found, peer.found, peer.reason), wrong


def ours(
    plan: Plan, world: dict[str, Any], environment: Mapping[str, str], there: Places
) -> tuple[dict[str, Found], list[str]]:
    """The mall with copies and without; what was served wrongly."""
    found, wrong = {}, []
    for way, life in LIVES.items():
        with serve(MALL, {**environment, "PAGE_CACHE_SECONDS": life}, there) as port:
            found[way] = _step(way, lambda port=port: measured(plan, world, port))
        wrong += complaints(found[way], is_shared=way == CACHED)
    return found, wrong


def beside(
    plan: Plan, world: dict[str, Any], goods: Path, postgres: Postgres, there: Places
) -> Peer:
    """What django-oscar answers with the same goods, or why it was not asked."""
    if plan.sizes[0] not in plan.peer_sizes:
        return Peer(reason="not asked for at this size, its index takes long (--oscar-sizes)")
    try:
        program = _step("oscar's Python", lambda: installed(VENV))
    except RunnerError as error:
        return Peer(reason=f"not installed: {last_line(str(error))}")
    return peer_of(plan, world, goods, python=program, postgres=postgres, there=there, step=_step)


def dump(postgres: Postgres, path: Path) -> None:
    """Keep the empty tables for the next size."""
    command = [str(postgres.programs.bin / "pg_dump"), "--no-owner", "-f", str(path), postgres.url]
    subprocess.run(command, check=True)


def hellos(plan: Plan, environment: Mapping[str, str], there: Places) -> float:
    """H: what the machine gives a view that does nothing."""
    with serve(HELLO, environment, there) as port:
        asked = [get(port, "/")]
        return load(port, asked, clients=plan.clients, seconds=plan.seconds).per_second


def _step(name: str, deed: Callable[[], T]) -> T:
    began = time.monotonic()
    result = deed()
    say(f"  {name}: {time.monotonic() - began:.1f} s, load {_load()}")
    return result


def machine() -> str:
    """Which machine, and how busy it is."""
    names = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.processor()
    return f"{os.cpu_count()} x {model}, Python {platform.python_version()}, load {_load()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _load() -> str:
    return " ".join(f"{figure:.1f}" for figure in os.getloadavg())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"bench-shop: {error}")
