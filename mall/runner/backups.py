"""`make backup` and `make restore`: the scripts of production (deploy/postgres) on the embedded
PostgreSQL.

The first backup makes the folder; from then on the server keeps its log there, so that the shop can
be put back to any moment after it. Source: X-37, F-50, INV-44.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import gmtime, strftime

from mall.runner.places import FolderLock, Places, prepare, reachable_copy
from mall.runner.servers import HOST, SCRIPTS, USER, Postgres
from mall.runner.system import RunnerError


def back_up(var: Path) -> int:
    """Make a base backup of the running mall; says where it lies."""
    there = prepare(var)
    postgres = _postgres(there)
    port = postgres.running_port()
    if port is None:
        raise RunnerError(f"no mall runs on {there.var}: start it with `make run` first")
    connection = {"PGHOST": HOST, "PGPORT": str(port), "PGUSER": USER}
    said = _script(there, postgres, "backup", connection | {"PGPASSWORD": postgres.password()})
    print(
        f"Kept in {said}. The log is kept beside it: `make restore TO=...` goes back to any time."
    )
    return 0


def restore(var: Path, to: str) -> int:
    """Put the stopped mall back to a moment; what it was before is moved aside, never deleted."""
    there = prepare(var)
    lock = FolderLock(there.run / "lock")
    if not lock.take():
        raise RunnerError(f"the mall runs (pid {lock.owner()}): stop it first")
    try:
        postgres = _postgres(there)
        aside = postgres.data.with_name(f"data.before-{strftime('%Y%m%dT%H%M%SZ', gmtime())}")
        postgres.data.rename(aside)
        try:
            said = _script(there, postgres, "restore", {}, str(postgres.data), to)
        except RunnerError:
            aside.rename(postgres.data)
            raise
    finally:
        lock.release()
    print(f"Restored from {said}; what was there before is in {aside}. Start it with `make run`.")
    return 0


def _postgres(there: Places) -> Postgres:
    if os.environ.get("DATABASE_URL"):
        raise RunnerError("DATABASE_URL names a server of your own: see docs/operations.md")
    postgres = Postgres(there)
    if not (postgres.data / "PG_VERSION").exists():
        raise RunnerError(f"there is no mall in {there.home}")
    return postgres


def _script(
    there: Places, postgres: Postgres, name: str, environment: dict[str, str], *arguments: str
) -> str:
    """Run one of the scripts as the servers' user; what it says last. Raises: RunnerError."""
    done = subprocess.run(
        [str(reachable_copy(SCRIPTS, there) / name), *arguments],
        env={
            "PATH": f"{postgres.programs.bin}:{os.defpath}",
            "LC_ALL": "C.UTF-8",
            "BACKUPS": str(there.server_folder("backups")),
            "BACKUPS_KEPT": os.environ.get("BACKUPS_KEPT", "7"),
            **environment,
        },
        cwd=postgres.folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        **there.identity.popen_arguments,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise RunnerError(f"{name} failed:\n{done.stdout}")
    return str(done.stdout).strip().rpartition("\n")[2]
