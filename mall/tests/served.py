"""Processes of the mall over the test's own database: the web server of production, a worker."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from mall.runner.places import PROJECT
from mall.runner.servers import HOST, free_port, last_lines
from mall.runner.system import kill_group, spawn, wait_until

PATIENCE = 90.0
"""Two cores, and other tests beside us."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process of the mall is told: this test's database and Redis, failpoints by files."""
    told = connection.settings_dict
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    (folder / "arms").mkdir(exist_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)
    address = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        "MALL_DEMO": "1",
        "MALL_VAR": str(folder),
        "MALL_FAILPOINTS": "1",
        "MALL_FAILPOINT_DIR": str(folder / "arms"),
        "TMPDIR": str(folder / "tmp"),
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"postgresql://{address}",
        "REDIS_URL": settings.CACHE_URL,
        **more,
    }


@dataclass
class Process:
    """One service under test; its files lie in ``folder``."""

    folder: Path
    child: subprocess.Popen[bytes]
    port: int = 0

    @property
    def arms(self) -> Path:
        """A file of a failpoint's name in here kills who passes it next."""
        return self.folder / "arms"

    @property
    def log(self) -> str:
        return last_lines(self.folder / "log", 40)

    def arm(self, name: str) -> None:
        (self.arms / name).touch()

    def was_hit(self, name: str) -> bool:
        return not (self.arms / name).exists()

    def children(self) -> set[int]:
        """Processes right below it."""
        path = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children")
        return {int(pid) for pid in path.read_text().split()}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request on a line of its own: status and JSON (or text). Raises: OSError, ..."""
        link = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            sent = {"Content-Type": "application/json", "Accept-Language": "en", **headers}
            data = None if body is None else json.dumps(body)
            link.request(method, path, data, sent)
            answer = link.getresponse()
            said = answer.read().decode()
            kind = answer.headers.get("Content-Type", "")
            return answer.status, json.loads(said) if "json" in kind else said
        finally:
            link.close()


@contextmanager
def _process(command: Sequence[str], more: Mapping[str, str], port: int = 0) -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="mall-served-") as name:
        folder = Path(name)
        with (folder / "log").open("ab") as log:
            child = spawn(command, env=environment(folder, **more), log=log, cwd=PROJECT)
        try:
            yield Process(folder, child, port)
        finally:
            kill_group(child)
            child.wait(PATIENCE)


@contextmanager
def web_server(*arguments: str, **more: str) -> Iterator[Process]:
    """Gunicorn as in production, two processes, on a free port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "mall.wsgi:application", "--config",
        "deploy/gunicorn.conf.py", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4",
        *arguments,
    ]  # fmt: skip
    site = {"SITE_URL": f"http://{HOST}:{port}", "TRUSTED_PROXIES": "1"}
    with _process(command, {**site, **more}, port) as served:
        assert wait_until(lambda: _answers(served), PATIENCE), served.log
        yield served


def _answers(served: Process) -> bool:
    try:
        return served.call("GET", "/healthz")[0] == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


@contextmanager
def task_worker(broker: str, *arguments: str, **more: str) -> Iterator[Process]:
    """A Celery worker with one process for its tasks, on a broker of the test's own."""
    command = [
        sys.executable, "-m", "celery", "--app", "mall.celery", "worker", "--loglevel", "WARNING",
        "--concurrency", "1", "--without-gossip", "--without-mingle", *arguments,
    ]  # fmt: skip
    with _process(command, {"CELERY_BROKER_URL": broker, **more}) as worker:
        assert wait_until(lambda: len(worker.children()) > 0, PATIENCE), worker.log
        yield worker


@dataclass
class Crowd:
    """Clients that ask again and again until told to stop; what each of them saw."""

    statuses: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask(self, served: Process, ask: Any) -> None:
        while not self.stop.is_set():
            try:
                self.statuses.append(ask(served))
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(repr(error))
            time.sleep(0.01)


@contextmanager
def crowd(served: Process, ask: Any, clients: int = 4) -> Iterator[Crowd]:
    """``ask(served)`` by several clients at once, all through the block."""
    people = Crowd()
    threads = [threading.Thread(target=people.ask, args=(served, ask)) for _n in range(clients)]
    for thread in threads:
        thread.start()
    try:
        assert wait_until(lambda: len(people.statuses) >= clients, PATIENCE), served.log
        yield people
    finally:
        people.stop.set()
        for thread in threads:
            thread.join(PATIENCE)
