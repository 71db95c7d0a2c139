"""`python -m bench.doomsday [--short] [--seed N]`: the run, then its control: the same mall
with its locks off.

Exits non-zero when a promise was broken, a planned fault did not fire, or the control passed.
The report is written to VAR/doomsday.json. Source: issue 4, Show 2; reliability.md 4.2.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench.doomsday.plan import CONTROL, FULL, SHORT
from bench.doomsday.run import run
from bench.doomsday.verdict import page
from mall.runner.places import PROJECT
from mall.runner.system import RunnerError


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    options = _options()
    began = time.monotonic()
    plan = SHORT if options.short else FULL
    plan = replace(plan, orders=options.orders or plan.orders, most_seconds=options.minutes * 60)
    say(f"doomsday: seed {options.seed}, {plan.orders} orders, {len(plan.faults)} faults")
    empty = options.var / "empty.sql"
    empty.unlink(missing_ok=True)
    outcome = run(plan, options.seed, options.var / "mall", say=say, empty=empty, control=CONTROL)
    say(page(outcome.told, "doomsday"))
    if outcome.control is not None:
        say(page(outcome.control, "control (locks off, must break)"))
    is_good = outcome.is_good
    told = outcome.told | {
        "control": outcome.control,
        "ok": is_good,
        "total_seconds": round(time.monotonic() - began, 1),
    }
    path = options.var / "doomsday.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2))
    word = "ok" if is_good else "FAILED"
    say(f"doomsday {word} in {told['total_seconds']:.0f} s; the report is {path}")
    return 0 if is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="doomsday", description=__doc__)
    parser.add_argument("--short", action="store_true", help="500 orders, 12 faults")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    parser.add_argument("--orders", type=int, help="another number of orders, the same faults")
    parser.add_argument("--minutes", type=int, default=28, help="for the buyers, at most")
    parser.add_argument(
        "--var", type=Path, default=PROJECT / "var" / "doomsday", help="data folder, emptied first"
    )
    options = parser.parse_args()
    options.var = options.var.resolve()
    options.var.mkdir(parents=True, exist_ok=True)
    if options.seed is None:
        options.seed = secrets.randbelow(10**6)
    return options


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"doomsday: {error}")
