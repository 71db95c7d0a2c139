"""Test runs share one pair of servers; the last one to go takes the servers along."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from mall.runner.places import PROJECT
from mall.runner.sharing import wait_for_keeper
from mall.runner.tests.processes import all_gone, data_folder, descendants

pytestmark = pytest.mark.runner
JOIN = (
    "import json, pathlib, sys, time; from mall.runner.sharing import join; "
    "print(json.dumps(join(pathlib.Path(sys.argv[1]))), flush=True); time.sleep(300)"
)


def joining_run(var: Path) -> subprocess.Popen[str]:
    """A stand-in for a test run: it joins and stays."""
    return subprocess.Popen(
        [sys.executable, "-c", JOIN, str(var)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )


def urls_of(run: subprocess.Popen[str]) -> dict[str, str]:
    assert run.stdout
    return json.loads(run.stdout.readline())


def test_two_runs_share_a_pair_that_ends_with_the_last_even_when_both_are_killed():
    with data_folder() as var:
        runs = [first, second] = [joining_run(var), joining_run(var)]
        try:
            urls = urls_of(first)
            assert urls_of(second) == urls
            keeper = json.loads((var / "run" / "servers.json").read_text())["pid"]
            processes = {keeper, *descendants(keeper)}

            first.send_signal(signal.SIGKILL)
            first.wait()
            psycopg2.connect(urls["DATABASE_URL"]).close()

            second.send_signal(signal.SIGKILL)
            second.wait()
            assert wait_for_keeper(var)
            assert all_gone(processes)

            runs.append(joining_run(var))
            assert urls_of(runs[-1]).keys() == urls.keys()
        finally:
            for run in runs:
                run.kill()
                run.communicate()
            assert wait_for_keeper(var)
