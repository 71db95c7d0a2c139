"""The supervisor: children are revived, given up on, and stopped newest first."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mall.runner.supervisor import RESTARTS_ALLOWED, Service, Stopped, StopSignals, Supervisor
from mall.runner.system import RunnerError, spawn

SLEEPER = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); "
    "time.sleep(60)"
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said):
    one = Supervisor(said.append, StopSignals())
    yield one
    one.stop()


def service(tmp_path: Path, name: str, code: str, stop_seconds: float = 10.0) -> Service:
    log = tmp_path / f"{name}.log"

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return spawn([sys.executable, "-c", code], env={}, log=out)

    return Service(name, start, log, stop_seconds=stop_seconds)


def test_a_child_that_ended_is_started_again(supervisor, said, tmp_path):
    child = service(tmp_path, "web", SLEEPER)
    supervisor.start(child)
    first = child.child
    first.kill()
    first.wait()

    supervisor.revive(child)

    assert child.is_up
    assert child.child is not first
    assert said[0].startswith("web ended (code -9), starting it again")


def test_a_child_that_keeps_ending_is_given_up_with_the_end_of_its_log(supervisor, tmp_path):
    child = service(tmp_path, "web", "print('no database'); raise SystemExit(3)")
    supervisor.start(child)
    for _ in range(RESTARTS_ALLOWED):
        child.child.wait()
        supervisor.revive(child)
    child.child.wait()

    with pytest.raises(RunnerError, match="web keeps ending:\n.*no database"):
        supervisor.revive(child)


def test_stopping_ends_the_newest_wave_first_and_a_deaf_child_too(supervisor, tmp_path):
    servers = service(tmp_path, "postgres", SLEEPER)
    deaf = service(tmp_path, "worker", STUBBORN, stop_seconds=0.3)
    supervisor.start(servers)
    supervisor.start(deaf)
    deadline = time.monotonic() + 20
    while not deaf.log.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.02)

    supervisor.stop()

    assert deaf.child.returncode == -signal.SIGKILL
    assert servers.child.returncode == -signal.SIGTERM


def test_the_first_signal_stops_and_the_second_hurries():
    signals = StopSignals()

    with pytest.raises(Stopped):
        signals._received(signal.SIGINT, None)
    assert not signals.hurry

    signals._received(signal.SIGINT, None)
    assert signals.hurry
