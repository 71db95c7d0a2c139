"""What the runner needs of the operating system: who we are, how a child starts, how it ends.

Every child is started in a session of its own (one Ctrl-C reaches the runner only, which then stops
the children in order) and dies with the runner even when the runner is killed with -9.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class RunnerError(Exception):
    """Something the user has to know, in one sentence; shown without a traceback."""


@dataclass(frozen=True)
class Identity:
    """The user the servers run as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    dropped: bool

    @property
    def popen_arguments(self) -> dict[str, object]:
        if not self.dropped:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_identity() -> Identity:
    """The calling user, or `nobody` when that is root."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), dropped=False)
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid, dropped=True)


def die_with_parent(death_signal: int) -> None:
    """Ask the kernel for ``death_signal`` when our parent dies (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def _before_exec(death_signal: int) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return prepare


def spawn(
    command: Sequence[object],
    *,
    env: Mapping[str, str],
    log: IO[bytes] | int,
    cwd: Path | None = None,
    identity: Identity | None = None,
    death_signal: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a child that cannot outlive us. Only from the main thread: the kernel watches that."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_before_exec(death_signal),
        **(identity.popen_arguments if identity else {}),  # type: ignore[call-overload]
    )


def stop(child: subprocess.Popen[bytes], steps: Sequence[tuple[int, float]]) -> None:
    """End ``child``: each (signal, seconds to wait) in turn, at last SIGKILL to its group."""
    for number, seconds in steps:
        if child.poll() is not None:
            break
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL whatever is left in the group of ``child``."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def process_state(pid: int) -> str | None:
    """The kernel's letter for a process (R, S, Z...), or None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()[0]


def is_running(pid: int) -> bool:
    """True for a live process; a zombie nobody reaped is not one."""
    return process_state(pid) not in (None, "Z", "X")


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Poll ``condition`` until it holds or the time is over; says which."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def can_use(path: Path, identity: Identity) -> bool:
    """Can ``identity`` read and enter ``path``? A forked child asks the kernel, so ACLs count."""
    if not identity.dropped:
        return os.access(path, os.R_OK | os.X_OK)
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(identity.gid)
            os.setuid(identity.uid)
            os._exit(0 if os.access(path, os.R_OK | os.X_OK) else 1)
        except BaseException:  # noqa: BLE001 - a forked child may only leave by _exit
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
