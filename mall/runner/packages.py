"""The project's own Python environment: .venv, filled from the locked requirement files."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from mall.runner.places import PROJECT
from mall.runner.progress import Step
from mall.runner.system import RunnerError, spawn, stop

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".mall-installed.json"
RUN_FILES = ("requirements.txt", "requirements-embedded.txt")
TEST_FILES = (*RUN_FILES, "requirements-dev.txt")
VENV_APT_LINE = "sudo apt-get install -y python3-venv"


def wanted_hashes(files: Sequence[str]) -> dict[str, str]:
    """What the stamp must say for the installed packages to be the locked ones."""
    return {name: hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() for name in files}


def is_installed(files: Sequence[str]) -> bool:
    """True when .venv works and was filled from exactly these files."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and wanted_hashes(files).items() <= stamp.items()


def install(files: Sequence[str], step: Step, log: Path) -> None:
    """Make .venv when there is none that works; install the locked packages with their hashes."""
    if not _works():
        _make_venv(step, log)
    total = sum(_pins(PROJECT / name) for name in files)
    count = 0

    def show(line: str) -> None:
        nonlocal count
        if re.match(r"\s*(Collecting|Requirement already satisfied)", line):
            count += 1
            step.note(f"{min(count, total)} of {total} packages")
        elif line.startswith("Installing collected"):
            step.note("unpacking")

    STAMP.unlink(missing_ok=True)
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    command += [part for name in files for part in ("-r", str(PROJECT / name))]
    follow(command, log=log, step=step, each_line=show, what="Installing the Python packages")
    STAMP.write_text(json.dumps(wanted_hashes(files), indent=1))
    step.note(f"{count} packages")


def _pins(path: Path) -> int:
    return sum(
        "==" in line and not line.startswith((" ", "#")) for line in path.read_text().splitlines()
    )


def _works() -> bool:
    if not PYTHON.exists():
        return False
    return (
        subprocess.run(
            [PYTHON, "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode
        == 0
    )


def _make_venv(step: Step, log: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise RunnerError(f"this Python cannot make virtual environments. Run: {VENV_APT_LINE}")
    step.note("making .venv")
    follow(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        log=log,
        step=step,
        what="Making .venv",
    )


def follow(
    command: Sequence[object],
    *,
    log: Path,
    step: Step,
    what: str,
    env: Mapping[str, str] | None = None,
    each_line: Callable[[str], None] = lambda _line: None,
) -> None:
    """Run a child to its end, its output to ``log`` and line by line to ``each_line``."""
    reader, writer = os.pipe()
    try:
        child = spawn(command, env=env or os.environ, log=writer, cwd=PROJECT)
    finally:
        os.close(writer)
    tail: list[str] = []
    try:
        with log.open("ab") as kept, os.fdopen(reader, "rb", buffering=0) as pipe:
            for line in _lines(pipe.fileno(), step):
                kept.write(line.encode() + b"\n")
                tail = [*tail[-14:], line]
                each_line(line)
        code = child.wait()
    except BaseException:
        stop(child, [(signal.SIGTERM, 5.0)])
        raise
    if code:
        raise RunnerError(f"{what} failed (all of it in {log}):\n" + "\n".join(tail))


def _lines(descriptor: int, step: Step) -> Iterator[str]:
    rest = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], 0.12)
        step.tick()
        if not ready:
            continue
        part = os.read(descriptor, 65536)
        if not part:
            break
        *whole, rest = (rest + part).split(b"\n")
        yield from (line.decode(errors="replace").rstrip() for line in whole)
    if rest:
        yield rest.decode(errors="replace")
