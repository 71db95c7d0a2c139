"""Starting the runner as a user does, and looking at what it leaves behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mall.runner.places import PROJECT
from mall.runner.system import is_running, wait_until

NOT_INHERITED = {
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "MALL_DEMO",
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
}


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder that the servers' own user may enter; pytest's are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="mall-runner-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Runner:
    """One `python -m mall.runner ...`, its output in a file."""

    def __init__(self, var: Path, *arguments: str, **variables: str) -> None:
        self.output = var.with_name(f"{var.name}.out")
        kept = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mall.runner", "--var", str(var), *arguments],
                cwd=PROJECT,
                env={**kept, **variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, pattern: str, seconds: float) -> re.Match[str]:
        """Wait until the output matches; the test fails with all of it otherwise."""
        wait_until(
            lambda: bool(re.search(pattern, self.said)) or self.process.poll() is not None, seconds
        )
        found = re.search(pattern, self.said)
        assert found, self.said
        return found

    def end(self, number: int, seconds: float = 30) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.output.unlink(missing_ok=True)


def descendants(pid: int) -> set[int]:
    """All living processes below ``pid``."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def all_gone(pids: set[int], seconds: float = 10) -> bool:
    """True once none of ``pids`` runs any more."""
    return wait_until(lambda: not any(is_running(pid) for pid in pids), seconds)
