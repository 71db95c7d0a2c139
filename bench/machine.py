"""The shop against its model, 50,000 steps long: `make machine` (STEPS=..., SEED=...).

Run: python bench/machine.py. Prints the seed, what was done how often, and what diverged; writes
var/machine/machine.json, now and then on its way too; exits with 1 on any divergence, and when some
kind of deed was done too seldom. The rules are those of the tests (orders/tests/machine); a seed
repeats a run step by step.
"""

import json
import os
import secrets
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "machine" / "machine.json"
TEST = "orders/tests/machine/test_machine.py"
STEPS = 50_000


def main() -> int:
    """Run it, print the figures; 1 when the shop and its model parted, or too little was done."""
    seed = os.environ.get("SEED") or str(secrets.randbelow(10**9))
    steps = os.environ.get("STEPS") or str(STEPS)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    os.environ |= {"MACHINE_SEED": seed, "MACHINE_STEPS": steps, "MACHINE_REPORT": str(REPORT)}
    os.chdir(ROOT)
    started = time.monotonic()
    failed = pytest.main(["-q", "-s", "-m", "long", "-p", "no:cacheprovider", TEST])
    spent = round(time.monotonic() - started)
    found = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    for deed, times in sorted(found.get("fired", {}).items()):
        sys.stdout.write(f"{times:7}  {deed}\n")
    sys.stdout.write(
        f"seed {seed}: {found.get('steps', 0)} steps of {steps} in {found.get('lives', 0)} lives,"
        f" {spent} s, {'FAILED' if failed else 'no divergence'}\n"
    )
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
