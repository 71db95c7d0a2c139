"""One run from empty folders to a verdict."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.doomsday.faults import Saboteur
from bench.doomsday.house import House
from bench.doomsday.journal import read
from bench.doomsday.plan import Fault, Plan, schedule
from bench.doomsday.verdict import Evidence, report, violations
from mall.runner.places import prepare
from mall.runner.servers import HOST, last_lines
from mall.runner.system import RunnerError

ARMED_SECONDS = 40.0
Say = Callable[[str], None]


class Outcome(NamedTuple):
    """The report of a run, and that of its control; None when the run was not worth one."""

    told: dict[str, Any]
    control: dict[str, Any] | None

    @property
    def is_good(self) -> bool:
        """Nothing was lost, and without locks something was."""
        return bool(self.told["ok"] and self.control is not None and not self.control["ok"])


def run(plan: Plan, seed: int, var: Path, say: Say, *, empty: Path, control: Plan) -> Outcome:
    """Open a mall, let the buyers in, do it harm, judge; then take its locks away, let some more
    buyers in and judge again. ``var`` is emptied first.

    ``empty`` is where a dump of the migrated database is, or will be. The control stands on what
    the run has left, so it is only worth something after a run that is good.

    Raises: RunnerError when there was nothing to judge.
    """
    shutil.rmtree(var, ignore_errors=True)
    there = prepare(var)
    house = House(there, plan, seed)
    try:
        opened = time.monotonic()
        world = house.open(empty)
        say(f"  the mall is open after {time.monotonic() - opened:.0f} s")
        told = _judged(house, world, schedule(plan, seed), say)
        if not told["ok"]:
            return Outcome(told, None)
        house.take_locks_away(control)
        return Outcome(told, _judged(house, world, schedule(control, seed), say))
    finally:
        house.close()


def _judged(house: House, world: dict[str, Any], faults: list[Fault], say: Say) -> dict[str, Any]:
    """Let the buyers of the house's plan in and say what is broken afterwards."""
    saboteur = Saboteur(house, faults)
    began, restarts = time.monotonic(), house.restarts
    crowd = _sell(house, saboteur, _client(house, world), say)
    seconds = time.monotonic() - began
    _close_books(house)
    evidence = _evidence(house, crowd, faults, saboteur)
    timing = {
        "seed": house.seed,
        "seconds": round(seconds, 1),
        "orders_per_second": round(crowd["placed"] / seconds, 2),
        "restarts": house.restarts - restarts,
    }
    return report(evidence, violations(evidence), timing)


def _client(house: House, world: dict[str, Any]) -> subprocess.Popen[bytes]:
    plan = house.plan
    told = {
        "seed": house.seed,
        "orders": plan.orders,
        "at_once": plan.at_once,
        "stampedes": plan.stampedes,
        "first": plan.first_errand,
        "web": house.web_port,
        "payers": house.provider["payers"],
        "world": world,
    }
    return house.client(told)


def _sell(
    house: House, saboteur: Saboteur, client: subprocess.Popen[bytes], say: Say
) -> dict[str, Any]:
    """Until the buyers are done: keep the mall alive, and fire what is due."""
    progress = house.folder / "progress"
    until = time.monotonic() + house.plan.most_seconds
    said = 0
    progress.unlink(missing_ok=True)
    is_calm = False
    while client.poll() is None:
        if time.monotonic() > until:
            raise RunnerError(
                f"too slow: {_progress(progress)} orders in {house.plan.most_seconds} s"
            )
        house.tick()
        placed = _progress(progress)
        saboteur.fire_due(placed)
        if not saboteur.left and not is_calm:
            is_calm = _calm(house)
        if placed * 10 // house.plan.orders > said:
            said = placed * 10 // house.plan.orders
            say(f"  {placed} orders, {len(saboteur.fired)} faults, {house.restarts} restarts")
    saboteur.fire_due(house.plan.orders)
    saboteur.wait_for_armed(ARMED_SECONDS)
    outcome = house.folder / "crowd.json"
    if not outcome.exists():
        raise RunnerError(f"the client failed:\n{last_lines(house.there.logs / 'client.log')}")
    return dict(json.loads(outcome.read_text()))


def _progress(path: Path) -> int:
    try:
        return int(path.read_text() or 0)
    except OSError:
        return 0


def _calm(house: House) -> bool:
    """From here on the providers behave."""
    link = http.client.HTTPConnection(HOST, house.provider["payers"], timeout=10)
    link.request("POST", "/calm")
    return link.getresponse().status == http.HTTPStatus.OK


def _close_books(house: House) -> None:
    """Wait for the drain and read the books, with the mall still running."""
    arguments = ("-m", "bench.doomsday.management", "close", str(house.folder))
    house.run(*arguments)


def _evidence(
    house: House, crowd: dict[str, Any], planned: list[Any], saboteur: Saboteur
) -> Evidence:
    folder = house.folder
    log = house.there.logs / "postgres.log"
    return Evidence(
        journal=list(read(folder / "journal.jsonl")),
        book=list(read(folder / "book.jsonl")),
        notices=list(read(folder / "notices.jsonl")),
        ours=json.loads((folder / "ours.json").read_text()),
        crowd=crowd,
        planned=planned,
        fired=saboteur.fired,
        wanted_orders=house.plan.orders,
        drain_seconds=house.plan.drain_seconds,
        deadlocks=log.read_text(errors="replace").count("deadlock detected"),
    )
