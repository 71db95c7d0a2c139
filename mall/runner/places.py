"""Where the data of the embedded servers lives, and why it is sometimes not under var/."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mall.runner.system import Identity, RunnerError, can_use, server_identity

PROJECT = Path(__file__).resolve().parents[2]
FALLBACK_PARENT = Path("/var/lib")
LOG_LIMIT_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Places:
    """The folders of one installation: ``var`` is ours, ``home`` is the servers'."""

    var: Path
    home: Path
    identity: Identity

    @property
    def moved(self) -> bool:
        """True when the servers' uid cannot enter ``var``, so their data is elsewhere."""
        return self.home != self.var

    def explain(self, say: Callable[[str], None]) -> None:
        """Tell the user where the data is when it is not where one would look."""
        if self.moved:
            say(f"The servers' user cannot enter {self.var}: their data is in {self.home}")

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    def open_log(self, name: str) -> IO[bytes]:
        """Append to a log; one that grew past the limit is kept once as `.1`."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def server_folder(self, name: str) -> Path:
        """A folder under ``home`` that belongs to the servers' user alone."""
        folder = self.home / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.identity.dropped:
            os.chown(folder, self.identity.uid, self.identity.gid)
        return folder

    def give(self, path: Path, mode: int) -> None:
        """Hand a file that we wrote to the servers' user."""
        path.chmod(mode)
        if self.identity.dropped:
            os.chown(path, self.identity.uid, self.identity.gid)


def default_var() -> Path:
    """`MALL_VAR`, or `var/` beside manage.py."""
    return Path(os.environ.get("MALL_VAR") or PROJECT / "var").resolve()


def prepare(var: Path) -> Places:
    """Make the folders; fall back to /var/lib when the servers' user cannot enter ``var``."""
    identity = server_identity()
    try:
        for folder in (var, var / "log", var / "run"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunnerError(
            f"cannot make {error.filename}: {error.strerror}. Set MALL_VAR."
        ) from error
    (var / "run").chmod(0o700)
    home = var if can_use(var, identity) else _fallback(var)
    return Places(var, home, identity)


def _fallback(var: Path) -> Path:
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:10]
    home = FALLBACK_PARENT / f"mall-{mark}"
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def reachable_copy(folder: Path, places: Places) -> Path:
    """``folder``, or a copy of it under ``home`` when the servers' user cannot read the original.

    Happens when root runs a project that lies under a closed folder such as /root.
    """
    if can_use(folder, places.identity):
        return folder
    mark = hashlib.sha256(f"{folder}{folder.stat().st_mtime_ns}".encode()).hexdigest()[:10]
    copy = places.home / "programs" / f"{folder.name}-{mark}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(folder, half, symlinks=True)
        half.rename(copy)
    return copy


class FolderLock:
    """One runner per folder: an flock that the kernel gives back however we die."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Try to become the owner; False when somebody else is."""
        handle = self._path.open("a+")
        os.set_inheritable(handle.fileno(), False)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        self._file = handle
        return True

    def owner(self) -> str:
        """The pid that the owner wrote, for the message."""
        return self._path.read_text().strip() or "?"

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
