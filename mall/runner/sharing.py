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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from mall.runner.places import PROJECT, FolderLock, default_var, prepare
from mall.runner.servers import Postgres, Redis, Server, last_lines
from mall.runner.system import RunnerError, is_running, wait_until

START_SECONDS = 90
POLL_SECONDS = 0.5

_held: list[IO[str]] = []  # our share of users.lock, held until this process ends


def shared_var() -> Path:
    """The kept folder of the test servers; the migrated template database lives on in it."""
    return default_var() / "test"


def join(var: Path) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of the shared pair under ``var``, started when nobody has yet."""
    there = prepare(var)
    users = (there.run / "users.lock").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is stopping its servers
    _held.append(users)
    if _published(there.run) is None:
        _start_keeper(var)
    if not wait_until(lambda: _published(there.run) is not None, START_SECONDS):
        log = last_lines(there.logs / "keeper.log")
        raise RunnerError(f"the test servers did not start:\n{log}")
    note = _published(there.run) or {}
    if "error" in note:
        raise RunnerError(note["error"])
    return note["urls"]


def _published(run: Path) -> dict[str, Any] | None:
    """What a living keeper wrote: its addresses, or why it has none."""
    try:
        note: dict[str, Any] = json.loads((run / "servers.json").read_text())
    except (OSError, ValueError):
        return None
    return note if is_running(note["pid"]) else None


def _publish(run: Path, **news: object) -> None:
    half = run / "servers.half"
    half.touch(mode=0o600)
    half.write_text(json.dumps({"pid": os.getpid(), **news}))
    half.replace(run / "servers.json")


def _start_keeper(var: Path) -> None:
    """Returns when the keeper has left us: Ctrl-C in one test run must not reach its servers."""
    with (var / "log" / "keeper.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "mall.runner", "--var", str(var), "keep"],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=True,
        )


def keep(var: Path) -> int:
    """Be the keeper: start the pair, publish its addresses, stop it when the last user has gone."""
    if os.fork():
        return 0  # the starter goes on, the keeper belongs to nobody
    there = prepare(var)
    lock = FolderLock(there.run / "lock")
    if not lock.take():
        return 0  # another keeper was quicker
    servers: list[Server] = []
    try:
        for kind in (Postgres, Redis):
            servers.append(kind(there, durable=False))
            servers[-1].start()
        _publish(there.run, urls={"DATABASE_URL": servers[0].url, "REDIS_URL": servers[1].url})
        _wait_for_the_last_user(there.run / "users.lock", lambda: _stop(servers))
    except RunnerError as error:
        _publish(there.run, error=str(error))
        _wait_for_the_last_user(there.run / "users.lock", lambda: None)
    finally:
        _stop(servers)
        (there.run / "servers.json").unlink(missing_ok=True)
        lock.release()
    return 0


def _wait_for_the_last_user(path: Path, then: Callable[[], None]) -> None:
    """Do ``then`` while nobody can come back in: a new user waits until we are gone."""
    with path.open("a") as users:
        while not _alone(users):
            time.sleep(POLL_SECONDS)
        then()
        (path.parent / "servers.json").unlink(missing_ok=True)


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
