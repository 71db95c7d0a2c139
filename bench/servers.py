"""Servers of a load run: PostgreSQL, Redis and the web server of production, on ports of their own.

Everything listens on the loopback, keeps its files in one folder and ends with the run.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mall.runner.places import PROJECT, Places
from mall.runner.servers import HOST, Postgres, Redis
from mall.runner.system import RunnerError, spawn, stop, wait_until

WEB_SECONDS = 60.0
STOP_WEB = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@contextmanager
def servers(there: Places, *, durable: bool) -> Iterator[tuple[Postgres, Redis]]:
    """Both databases, empty; ``durable`` ones wait for the disk as production does."""
    postgres, redis = Postgres(there, durable=durable), Redis(there, durable=durable)
    try:
        postgres.start()
        redis.start()
        yield postgres, redis
    finally:
        redis.stop()
        postgres.stop()


@contextmanager
def web(environment: dict[str, str], there: Places, port: int) -> Iterator[None]:
    """The web server with production's own settings, on a port of the loopback."""
    command = [
        sys.executable, "-m", "gunicorn", "--config", PROJECT / "deploy" / "gunicorn.conf.py",
        "--bind", f"{HOST}:{port}", "--preload", "mall.wsgi:application",
    ]  # fmt: skip
    with there.open_log("web") as log:
        server = spawn(command, env=environment, log=log, cwd=PROJECT, death_signal=signal.SIGQUIT)
    try:
        if not wait_until(lambda: server.poll() is not None or _answers(port), WEB_SECONDS):
            raise RunnerError(f"the web server does not answer; see {there.logs / 'web.log'}")
        yield
    finally:
        stop(server, STOP_WEB)


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def mall_environment(postgres: Postgres, redis: Redis, there: Places, port: int) -> dict[str, str]:
    """What every process of the mall is told."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        "MALL_DEMO": "1",
        "MALL_VAR": str(there.var),
        "LOG_LEVEL": "WARNING",
        "SITE_URL": f"http://{HOST}:{port}",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis.url,
    }


def fill_database(
    postgres: Postgres, environment: dict[str, str], there: Places, empty: Path | None = None
) -> None:
    """Tables without goods or buyers: restored from ``empty``, a dump of them, else migrated.

    Raises: RunnerError.
    """
    if empty is None:
        python(environment, there, str(PROJECT / "manage.py"), "migrate", "--verbosity", "0")
        return
    psql = [postgres.programs.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", empty]
    command = [str(part) for part in (*psql, postgres.url)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunnerError(f"{empty} was not restored:\n{done.stderr[-2000:]}")


def python(environment: dict[str, str], there: Places, *arguments: str) -> str:
    """Run a program of the mall's side, give what it prints; its complaints go to a log.

    Raises: RunnerError.
    """
    with there.open_log("world") as log:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RunnerError(
            f"{' '.join(arguments[:3])} failed:\n{(there.logs / 'world.log').read_text()[-2000:]}"
        )
    return done.stdout
