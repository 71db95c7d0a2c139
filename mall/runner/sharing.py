"""One pair of test servers that any number of test runs share, and that ends with the last of them.

A test run holds a shared lock on `users.lock` for as long as it lives; the keeper, a process of its
own, stops the servers as soon as it gets that lock for itself. The kernel gives a lock back however
its owner dies, so nothing has to be tidied up after a `kill -9`.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from mall.runner.places import PROJECT, FolderLock, default_var, prepare
from mall.runner.servers import Postgres, Redis, Server, last_lines
from mall.runner.system import RunnerError, is_running, wait_until

START_SECONDS = 90
POLL_SECONDS = 0.5

_held: list[IO[str]] = []  # our share of users.lock, held until this process ends


def test_var() -> Path:
    """The kept folder of the test servers; the migrated template database lives on in it."""
    return default_var() / "test"


def join(var: Path) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of the shared pair under ``var``, started when nobody has yet."""
    there = prepare(var)
    users = (there.run / "users.lock").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is stopping its servers
    _held.append(users)
    deadline = time.monotonic() + START_SECONDS
    keeper: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        if urls := _published(there.run):
            return urls
        if keeper is None or keeper.poll() is not None:
            keeper = _start_keeper(var)
        time.sleep(0.1)
    raise RunnerError(f"the test servers did not start:\n{last_lines(there.logs / 'keeper.log')}")


def _published(run: Path) -> dict[str, str] | None:
    """The addresses a living keeper wrote."""
    try:
        note = json.loads((run / "servers.json").read_text())
    except (OSError, ValueError):
        return None
    return note["urls"] if is_running(note["pid"]) else None


def _start_keeper(var: Path) -> subprocess.Popen[bytes]:
    with (var / "log" / "keeper.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "mall.runner", "--var", str(var), "keep"],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in one test run must not reach the servers of another
        )


def keep(var: Path) -> int:
    """Be the keeper: start the pair, publish its addresses, stop it when the last user has gone."""
    there = prepare(var)
    lock = FolderLock(there.run / "lock")
    if not lock.take():
        return 0  # another keeper was quicker
    servers: list[Server] = [Postgres(there, durable=False), Redis(there, durable=False)]
    note = there.run / "servers.json"
    try:
        for server in servers:
            server.start()
        urls = {"DATABASE_URL": servers[0].url, "REDIS_URL": servers[1].url}
        half = note.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps({"pid": os.getpid(), "urls": urls}))
        half.replace(note)
        with (there.run / "users.lock").open("a") as users:
            while not _alone(users):
                time.sleep(POLL_SECONDS)
            note.unlink()
            _stop(servers)
    finally:
        note.unlink(missing_ok=True)
        _stop(servers)
        lock.release()
    return 0


def _alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(servers: Sequence[Server]) -> None:
    for server in reversed(servers):
        server.stop()


def wait_for_keeper(var: Path, seconds: float = 30) -> bool:
    """Wait until the keeper of ``var`` is gone (for the tests of the runner)."""
    return wait_until(lambda: _published(var / "run") is None, seconds)
