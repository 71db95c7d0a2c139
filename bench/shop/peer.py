"""django-oscar beside ours: a Python of its own, a database of its own, the same goods, the same
questions. What keeps it from being asked is said in the table; it is no fault of ours.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from bench.shop.asking import complaints
from bench.shop.plan import ADD, Plan
from bench.shop.pump import Measure, get, load, post
from bench.shop.serving import serve
from mall.runner.places import PROJECT, Places
from mall.runner.servers import Postgres
from mall.runner.system import RunnerError

World = Mapping[str, Any]
NAME = "django-oscar 4.2"
FOLDER = PROJECT / "bench" / "shop" / "oscar"
REQUIREMENTS = FOLDER / "requirements.txt"
APPLICATION = "bench.shop.oscar.wsgi:application"
DATABASE = "oscar"
INSTALL_SECONDS, FILL_SECONDS = 420.0, 420.0
TOKEN = "a" * 32
"""Django takes any token that the cookie and the form agree on."""
Step = Callable[[str, Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """What it answered at one size, or why it was not asked."""

    found: Mapping[str, Measure] = field(default_factory=dict)
    reason: str = ""


def installed(folder: Path, *, patience: float = INSTALL_SECONDS) -> Path:
    """The Python that has it, made by pip when its requirements are new. Raises: RunnerError."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp, python = folder / "installed", folder / "bin" / "python"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    until = time.monotonic() + patience
    _run([sys.executable, "-m", "venv", str(folder)], patience)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--requirement", str(REQUIREMENTS)], until - time.monotonic())
    stamp.write_text(wanted)
    return python


def peer_of(
    plan: Plan,
    world: World,
    goods: Path,
    *,
    python: Path,
    postgres: Postgres,
    there: Places,
    step: Step,
) -> Peer:
    """Fill it with the goods of a CSV file, serve it, ask it what ours was asked."""
    environment = environment_of(postgres, there)
    try:
        _create_database(postgres)
        said = step("oscar's goods and index", lambda: _filled(python, goods, world, environment))
        with serve(APPLICATION, environment, there, python=python, ready="/catalogue/") as port:
            asked = requests({**world, **said}, port)
            found = step("oscar", lambda: _measured(plan, asked, port))
    except (RunnerError, TimeoutError) as error:
        return Peer(reason=last_line(str(error)))
    wrong = complaints(found, is_shared=False)
    return Peer(reason="; ".join(wrong)) if wrong else Peer(found)


def environment_of(postgres: Postgres, there: Places) -> dict[str, str]:
    """What its processes are told."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    address = urlunsplit(urlsplit(postgres.url)._replace(path=f"/{DATABASE}"))
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "bench.shop.oscar.settings",
        "OSCAR_DATABASE_URL": address,
        "OSCAR_FOLDER": str(there.var / DATABASE),
    }


def requests(world: World, port: int) -> dict[str, list[bytes]]:
    """Its own pages for what ours are asked for; it has no API."""
    asked = {
        "home": ["/catalogue/"],
        "category": world["category_paths"],
        "product": world["product_paths"],
        "search": [f"/search/?q={quote(word)}" for word in world["words"]],
    }
    form = f"csrfmiddlewaretoken={TOKEN}&quantity=1"
    cookie = {"Cookie": f"csrftoken={TOKEN}"}
    return {
        **{name: [get(port, path) for path in found] for name, found in asked.items()},
        ADD: [
            post(port, f"/basket/add/{one['product']}/", form, **cookie) for one in world["goods"]
        ],
    }


def last_line(text: str) -> str:
    """What an error comes to."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no reason given"


def _measured(plan: Plan, asked: Mapping[str, list[bytes]], port: int) -> dict[str, Measure]:
    return {
        name: load(port, those, clients=plan.clients, seconds=plan.seconds)
        for name, those in asked.items()
    }


def _create_database(postgres: Postgres) -> None:
    psql = [str(postgres.programs.bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1"]
    _run([*psql, "-c", f"CREATE DATABASE {DATABASE}", postgres.url], FILL_SECONDS)


def _filled(
    python: Path, goods: Path, world: World, environment: Mapping[str, str]
) -> dict[str, Any]:
    asked = ",".join(str(one["product"]) for one in world["goods"])
    command = [str(python), "-m", "bench.shop.oscar.fill", str(goods), asked]
    said = _run(command, FILL_SECONDS, environment)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _run(command: list[str], patience: float, environment: Mapping[str, str] | None = None) -> str:
    """Run a program to its end. Raises: RunnerError with the last that it said."""
    try:
        done = subprocess.run(
            command,
            env=None if environment is None else dict(environment),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=max(patience, 1),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RunnerError(f"{' '.join(command[1:4])} took longer than {patience:.0f} s") from error
    except OSError as error:
        raise RunnerError(f"{Path(command[0]).name} does not start: {error.strerror}") from error
    if done.returncode:
        raise RunnerError(f"{last_line(done.stderr or done.stdout)}")
    return done.stdout
