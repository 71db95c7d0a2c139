"""The judged queries, asked of a demo shop of its own: `make relevance`.

Run: python -m bench.relevance [--failures]. Starts PostgreSQL and Redis on ports of their own with
empty folders, fills the demo, asks (`manage.py relevance`) and stops them; exits with 1 when an
untouched third is under the goal. MALL_DATA_DIR adds the goods of litemall.
Source: issue 5, Show 2.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.servers import mall_environment, python, servers
from mall.runner.places import PROJECT, prepare
from mall.runner.servers import free_port
from mall.runner.system import RunnerError

VAR = PROJECT / "var" / "relevance"
DATA = "MALL_DATA_DIR"


def main() -> int:
    """Fill, ask, stop; the exit code of the asking."""
    shutil.rmtree(VAR, ignore_errors=True)
    there = prepare(VAR)
    manage = str(PROJECT / "manage.py")
    try:
        with servers(there, durable=False) as (postgres, redis):
            environment = mall_environment(postgres, redis, there, free_port())
            environment |= (
                {DATA: str(Path(os.environ[DATA]).resolve())} if DATA in os.environ else {}
            )
            sys.stdout.write("relevance: filling the demo shop, a minute or two ...\n")
            sys.stdout.flush()
            python(environment, there, manage, "migrate", "--verbosity", "0")
            python(environment, there, manage, "seed_demo")
            asked = [sys.executable, manage, "relevance", *sys.argv[1:]]
            return subprocess.run(asked, env=environment, cwd=PROJECT, check=False).returncode
    finally:
        shutil.rmtree(there.home, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunnerError as error:
        sys.exit(f"relevance: {error}")
