"""How often one row can be counted down on this machine: pgbench, in the same minutes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

CLIENTS = 16
TABLE = "CREATE TABLE hot (id int PRIMARY KEY, n bigint); INSERT INTO hot VALUES (1, 1000000000);"
STEP = "UPDATE hot SET n = n - 1 WHERE id = 1 AND n >= 1;\n"


def hot_row_tps(database_url: str, bin_folder: Path, folder: Path, seconds: int) -> float | None:
    """Conditional updates of one row a second over 16 connections; None without pgbench."""
    psql, pgbench = _program("psql", bin_folder), _program("pgbench", bin_folder)
    if psql is None or pgbench is None:
        return None
    link = _link(database_url)
    script = folder / "hotrow.sql"
    script.write_text(STEP)
    subprocess.run([psql, "-q", "-c", TABLE], env=link, check=True, capture_output=True)
    done = subprocess.run(
        [pgbench, "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(script)],
        env=link,
        check=True,
        capture_output=True,
        text=True,
    )
    subprocess.run([psql, "-q", "-c", "DROP TABLE hot"], env=link, check=True, capture_output=True)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    return float(found[1]) if found else None


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
