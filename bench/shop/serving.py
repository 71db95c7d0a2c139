"""gunicorn with two sync workers, as all figures of performance.md were taken."""

from __future__ import annotations

import http.client
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mall.runner.places import PROJECT, Places
from mall.runner.servers import HOST, free_port
from mall.runner.system import RunnerError, spawn, stop, wait_until

START_SECONDS = 60.0
STOP = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@contextmanager
def serve(
    application: str,
    environment: Mapping[str, str],
    there: Places,
    *,
    python: Path | str = sys.executable,
    folder: Path = PROJECT,
    ready: str = "/",
) -> Iterator[int]:
    """The application on a port of the loopback, which is given. Raises: RunnerError."""
    port, name = free_port(), application.replace(":", "-")
    command = [
        python, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2",
        "--worker-class", "sync", "--preload", "--log-level", "warning", application,
    ]  # fmt: skip
    with there.open_log(name) as log:
        server = spawn(
            command, env=dict(environment), log=log, cwd=folder, death_signal=signal.SIGQUIT
        )
    try:
        if not wait_until(lambda: server.poll() is not None or answers(port, ready), START_SECONDS):
            raise RunnerError(f"{application} does not answer; see {there.logs / name}.log")
        yield port
    finally:
        stop(server, STOP)


def answers(port: int, path: str) -> bool:
    """True when the path is answered by a page."""
    link = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        link.request("GET", path)
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
