"""Twelve typical migrations on a shop that is open: no visitor may see an error.

Run: make live-migration, or python bench/livemigration.py [--short]. It starts PostgreSQL, Redis
and the web server of production on ports of their own under var/livemigration, sends 50 requests a
second (looking and ordering) and migrates meanwhile, one migration after the other. It exits
non-zero on one 5xx, a lost order or a broken law, and when its control, a migration that keeps a
table for itself, is not noticed. Source: issue 4, Show 6; reliability.md F-51.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.live.crowd import Answer, Crowd
from bench.servers import web
from mall.runner.places import Places, prepare
from mall.runner.servers import HOST, Postgres, Redis, free_port
from mall.runner.system import RunnerError

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = "bench.live.settings"
STEPS = sorted(path.stem for path in (ROOT / "bench/live/app/migrations").glob("0*.py"))
CALM_SECONDS = 1.0
"""Before and after each migration."""


@dataclass(frozen=True)
class Plan:
    """How large a rehearsal is."""

    per_second: float
    rows: int
    buyers: int = 20
    skus: int = 10

    @property
    def world(self) -> dict[str, int]:
        return {"buyers": self.buyers, "skus": self.skus, "rows": self.rows}


FULL, SHORT = Plan(per_second=50, rows=300_000), Plan(per_second=15, rows=20_000, buyers=6)


@dataclass(frozen=True)
class Step:
    """One migration and what the visitors saw meanwhile."""

    name: str
    seconds: float
    answers: Sequence[Answer]

    @property
    def failed(self) -> int:
        """Requests that met a 5xx, or nothing at all."""
        return sum(one.status == 0 or one.status >= 500 for one in self.answers)

    @property
    def p95_ms(self) -> float:
        """Of the requests that were under way."""
        spans = sorted(one.seconds for one in self.answers)
        return spans[int(len(spans) * 0.95)] * 1000 if spans else 0.0

    @property
    def longest_ms(self) -> float:
        """What the one that waited longest waited."""
        return max((one.seconds for one in self.answers), default=0.0) * 1000

    def told(self) -> dict[str, Any]:
        """As a row of the report."""
        return {
            "migration": self.name,
            "seconds": round(self.seconds, 2),
            "requests": len(self.answers),
            "failed": self.failed,
            "p95_ms": round(self.p95_ms, 1),
            "longest_ms": round(self.longest_ms, 1),
        }


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Mall:
    """The shop under test: its servers and its programs."""

    def __init__(self, there: Places, *, durable: bool) -> None:
        self.there = there
        self.postgres = Postgres(there, durable=durable)
        self.redis = Redis(there, durable=durable)
        self.port = free_port()

    @contextmanager
    def servers(self) -> Iterator[None]:
        try:
            self.postgres.start()
            self.redis.start()
            yield
        finally:
            self.redis.stop()
            self.postgres.stop()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | {
            "PYTHONUNBUFFERED": "1",
            "LC_ALL": "C.UTF-8",
            "MALL_DEMO": "1",
            "MALL_VAR": str(self.there.var),
            "LOG_LEVEL": "WARNING",
            "SITE_URL": f"http://{HOST}:{self.port}",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
        }

    def fill(self, empty: Path | None) -> None:
        """The schema: from a dump when there is one (seconds), else by migrating (a minute)."""
        if empty is None or not empty.exists():
            self.python("manage.py", "migrate", "--verbosity", "0")
            return
        psql = self.postgres.programs.bin / "psql"
        told = [psql, "-q", "-v", "ON_ERROR_STOP=1", "-f", empty, self.postgres.url]
        self._run([str(part) for part in told], {})

    def python(self, *arguments: str, **variables: str) -> str:
        """One program of the mall's side; what it prints. Raises: RunnerError."""
        return self._run([sys.executable, *arguments], variables)

    def _run(self, command: Sequence[str], variables: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            env=self.environment | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RunnerError(f"{' '.join(command[1:4])} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def migrate(self, *names: str) -> None:
        """As the release does it."""
        self.python("manage.py", "migrate_live", *names, DJANGO_SETTINGS_MODULE=SETTINGS)

    def world(self, deed: str, plan: Plan) -> Any:
        """One half of the mall's side."""
        return json.loads(self.python("-m", "bench.live.management", deed, json.dumps(plan.world)))


def rehearse(
    var: Path, plan: Plan, steps: Sequence[Sequence[str]], *, empty: Path | None = None
) -> dict[str, Any]:
    """Open a shop, let the crowd in, migrate; the report. ``var`` is emptied first.

    ``steps`` are the names given to ``migrate_live``, one call after the other.
    """
    shutil.rmtree(var, ignore_errors=True)
    there = prepare(var)
    try:
        mall = Mall(there, durable=plan is FULL)
        with mall.servers():
            mall.fill(empty)
            world = mall.world("open", plan)
            with web(mall.environment, there, mall.port):
                with Crowd(mall.port, world, plan.per_second) as crowd:
                    seen = [_step(mall, crowd, names) for names in steps]
                    control = _step(mall, crowd, ("live_control",))
                books = mall.world("close", plan)
    finally:
        shutil.rmtree(there.home, ignore_errors=True)
    return _report(crowd, seen, control, books)


def _step(mall: Mall, crowd: Crowd, names: Sequence[str]) -> Step:
    time.sleep(CALM_SECONDS)
    began = time.monotonic()
    mall.migrate(*names)
    seconds = time.monotonic() - began
    time.sleep(CALM_SECONDS)
    answers = crowd.between(began - CALM_SECONDS, time.monotonic())
    return Step(" ".join(names), seconds, answers)


def _report(
    crowd: Crowd, seen: Sequence[Step], control: Step, books: dict[str, Any]
) -> dict[str, Any]:
    first = min(one.at for one in crowd.answers)
    last = max(one.at for one in crowd.answers)
    lost = sorted(set(crowd.placed) - set(books["orders"]))
    violations = [f"{step.name}: {step.failed} requests failed" for step in seen if step.failed]
    violations += [f"order {number} is lost" for number in lost]
    violations += [f"{law}: {', '.join(rows[:3])}" for law, rows in books["laws"].items()]
    if not control.failed:
        violations.append("the control was not noticed: this rehearsal finds nothing")
    return {
        "ok": not violations,
        "violations": violations,
        "steps": [step.told() for step in seen],
        "control": control.told(),
        "requests": len(crowd.answers),
        "per_second": round(len(crowd.answers) / max(last - first, 0.1), 1),
        "orders": len(crowd.placed),
        "failed": sum(step.failed for step in seen),
        "longest_ms": round(max(step.longest_ms for step in seen), 1),
        "load": [round(load, 1) for load in os.getloadavg()],
        "not_2xx": dict(Counter(crowd.broken)),
    }


def main() -> int:
    options = _options()
    var = options.var.resolve()
    if options.short:
        told = rehearse(var / "mall", SHORT, [("live",)])
    else:
        told = rehearse(var / "mall", FULL, [("live", name) for name in STEPS])
    for row in (*told["steps"], told["control"] | {"migration": "control (must fail)"}):
        say(
            f"  {row['migration']:<55} {row['seconds']:>6.2f} s {row['requests']:>5} requests"
            f" {row['failed']:>4} failed  p95 {row['p95_ms']:>7.1f} ms"
            f"  longest {row['longest_ms']:>7.1f} ms"
        )
    for complaint in told["violations"]:
        say(f"  BROKEN {complaint}")
    (var / "livemigration.json").write_text(json.dumps(told, indent=2))
    word = "ok" if told["ok"] else "FAILED"
    say(
        f"live migration {word}: {told['requests']} requests at {told['per_second']}/s,"
        f" {told['orders']} orders, {told['failed']} failed, the longest wait"
        f" {told['longest_ms']:.0f} ms, load {told['load'][0]} on {os.cpu_count()} processors;"
        f" the report is {var / 'livemigration.json'}"
    )
    return 0 if told["ok"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer requests and rows, one call")
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "livemigration")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"live migration: {error}")
