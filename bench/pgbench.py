"""pgbench on the run's own server: what the machine can do in the same minutes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Load:
    """One measurement: tables before it, the script of one transaction, tables dropped after it."""

    name: str
    tables: str
    script: str
    drop: str


def tps(
    load: Load, database_url: str, *, programs: Path, folder: Path, seconds: int
) -> float | None:
    """Transactions of ``load`` a second over 16 connections; None where pgbench is missing."""
    psql, pgbench = _program("psql", programs), _program("pgbench", programs)
    if psql is None or pgbench is None:
        return None
    link = _link(database_url)
    script = folder / f"{load.name}.sql"
    script.write_text(load.script)
    _run([psql, "-q", "-c", load.tables], link)
    said = _run(
        [pgbench, "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(script)], link
    )
    _run([psql, "-q", "-c", load.drop], link)
    found = re.search(r"tps = ([0-9.]+)", said)
    return float(found[1]) if found else None


def _run(command: list[str], link: dict[str, str]) -> str:
    return subprocess.run(command, env=link, check=True, capture_output=True, text=True).stdout


def _program(name: str, bin_folder: Path) -> str | None:
    own = bin_folder / name
    return str(own) if own.exists() else shutil.which(name)


def _link(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
