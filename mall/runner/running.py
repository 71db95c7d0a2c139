"""`make run`: from a fresh clone to a mall that answers, and back to nothing on Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mall.runner import messages, packages
from mall.runner.places import PROJECT, FolderLock, Places, prepare
from mall.runner.progress import Step, Steps
from mall.runner.servers import HOST, Postgres, Redis, Server
from mall.runner.supervisor import Service, Stopped, StopSignals, Supervisor
from mall.runner.system import RunnerError, spawn, wait_until

DEFAULT_PORT = 8000
WEB_SECONDS = 90.0
STEP_COUNT = 7
UNHURRIED = {"DB_STATEMENT_TIMEOUT_MS": "0", "DB_IDLE_TIMEOUT_MS": "0", "LOG_LEVEL": "WARNING"}
WELCOME = """
  The mall is open:   {url}/            (English: {url}/en/)
  Operators' admin:   {url}/admin/
  REST API:           {url}/api/v1/     (its documentation: {url}/api/docs/)

  Shoppers            13800000001 (普通)  13800000002 (白银)  13800000003 (黄金)  13800000004 (钻石)
  Operator            admin
  Password of all     demo-mall-2026

  Logs: {logs}    Data: {home}    Stop: Ctrl-C
"""


def say(text: str) -> None:
    print(text, flush=True)


def run(var: Path) -> int:
    """Run the demo mall in the foreground until a signal; the exit code of `make run`."""
    port = _port()
    there = prepare(var)
    lock = FolderLock(there.run / "lock")
    if not lock.take():
        raise RunnerError(
            f"a mall already runs on {there.var} (pid {lock.owner()}). "
            "Stop it with Ctrl-C in its terminal, or start another one with MALL_VAR and PORT."
        )
    _require_free(port)
    there.explain(say)
    signals = StopSignals()
    signals.install()
    supervisor = Supervisor(say, signals)
    started = time.monotonic()
    try:
        _start_all(there, supervisor, port)
        say(WELCOME.format(url=f"http://{HOST}:{port}", logs=there.logs, home=there.home))
        say(f"Started in {time.monotonic() - started:.1f} s.")
        supervisor.watch()
    except Stopped:
        say("\nStopping ...")
    finally:
        supervisor.stop()
        lock.release()
    say("Stopped: nothing is left running.")
    return 0


def _start_all(there: Places, supervisor: Supervisor, port: int) -> None:
    steps = Steps(STEP_COUNT)
    with steps.step("Python packages") as step:
        install_packages(packages.RUN_FILES, there, step)
    with steps.step("Translations") as step:
        step.note(f"{messages.compile_stale()} compiled")
    environment = {
        **os.environ,
        "MALL_DEMO": "1",
        "MALL_VAR": str(there.var),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://{HOST}:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    with steps.step("PostgreSQL") as step:
        _provide("DATABASE_URL", lambda: Postgres(there), environment, supervisor, step)
    with steps.step("Redis") as step:
        _provide("REDIS_URL", lambda: Redis(there), environment, supervisor, step)
    with steps.step("Database and demo shop") as step:
        _prepare_database(there, environment, step)
    services = _django_services(there, environment, port)
    web, worker, _beat = services
    earlier = worker.log.stat().st_size if worker.log.exists() else 0
    with steps.step("Web") as step:
        supervisor.start(*services)
        _wait_for(supervisor, web, step, lambda: _answers(port))
    with steps.step("Worker and beat") as step:
        _wait_for(supervisor, worker, step, lambda: _says(worker.log, b" ready.", earlier))


def install_packages(files: tuple[str, ...], there: Places, step: Step) -> None:
    """Bring .venv up to the locked requirements; nothing to do is the usual case."""
    if packages.is_installed(files):
        step.note("unchanged")
    else:
        packages.install(files, step, there.logs / "install.log")


def _port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise RunnerError(f"PORT={text!r} is not a port number")
    return int(text)


def _require_free(port: int) -> None:
    def is_free() -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return probe.connect_ex((HOST, port)) != 0

    if not wait_until(is_free, 3):  # an earlier run may be on its way out
        raise RunnerError(
            f"port {port} is in use by another program. Try: PORT={port + 1} make run"
        )


def _provide(
    variable: str,
    make: Callable[[], Server],
    environment: dict[str, str],
    supervisor: Supervisor,
    step: Step,
) -> None:
    """Start an embedded server unless ``variable`` names one."""
    if environment.get(variable):
        step.note(f"{variable} is set: using that server")
        return
    server = make()

    def start() -> subprocess.Popen[bytes]:
        server.start()
        assert server.child is not None
        if environment.get(variable, server.url) != server.url:
            raise RunnerError(f"{server.name} had to move to another port: start the mall again")
        return server.child

    steps = server.stop_steps[0]
    supervisor.start(
        Service(server.name, start, server.log, stop_signal=steps[0], stop_seconds=steps[1])
    )
    environment[variable] = server.url
    step.note(server.description)


def _prepare_database(there: Places, environment: dict[str, str], step: Step) -> None:
    packages.follow(
        [packages.PYTHON, PROJECT / "manage.py", "prepare_demo"],
        log=there.logs / "prepare.log",
        step=step,
        what="Preparing the database",
        env={**environment, **UNHURRIED},
        each_line=lambda line: step.note(line.strip()[:70]),
    )


def _django_services(there: Places, environment: dict[str, str], port: int) -> list[Service]:
    bin_folder = packages.VENV / "bin"
    celery = [packages.PYTHON, "-m", "celery", "--app", "mall.celery"]
    web = [
        packages.PYTHON, "-m", "gunicorn", "mall.wsgi:application", "--bind", f"{HOST}:{port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload",
        "--graceful-timeout", "5", "--access-logfile", "-", "--no-control-socket",
    ]  # fmt: skip
    worker = [
        *celery,
        "worker",
        "--loglevel",
        "INFO",
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
    ]
    beat = [*celery, "beat", "--loglevel", "INFO"]
    environment = {
        **environment,
        "PATH": f"{bin_folder}{os.pathsep}{environment.get('PATH', os.defpath)}",
    }

    def service(name: str, command: Sequence[object], death_signal: int) -> Service:
        def start() -> subprocess.Popen[bytes]:
            with there.open_log(name) as log:
                return spawn(
                    command, env=environment, log=log, cwd=PROJECT, death_signal=death_signal
                )

        return Service(name, start, there.logs / f"{name}.log")

    return [
        service("web", web, signal.SIGQUIT),
        service("worker", worker, signal.SIGKILL),
        service("beat", beat, signal.SIGKILL),
    ]


def _wait_for(
    supervisor: Supervisor, service: Service, step: Step, ready: Callable[[], bool]
) -> None:
    def settled() -> bool:
        step.tick()
        supervisor.check(service)
        return ready()

    if not wait_until(settled, WEB_SECONDS, pause=0.15):
        raise RunnerError(f"{service.name} does not answer; see {service.log}")


def _says(log: Path, words: bytes, offset: int) -> bool:
    """Has a service written ``words`` since its log was ``offset`` bytes long?"""
    with log.open("rb") as text:
        text.seek(min(offset, log.stat().st_size))
        return words in text.read()


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        link.request("GET", "/healthz", headers={"Host": f"{HOST}:{port}"})
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def serve(var: Path, *, durable: bool, env_file: Path | None) -> int:
    """`servers`: only PostgreSQL and Redis, in the foreground, for work on the code."""
    there = prepare(var)
    lock = FolderLock(there.run / "lock")
    if not lock.take():
        raise RunnerError(f"{there.var} is in use by pid {lock.owner()}")
    there.explain(say)
    signals = StopSignals()
    signals.install()
    supervisor = Supervisor(say, signals)
    urls: dict[str, str] = {}
    steps = Steps(2)
    try:
        with steps.step("PostgreSQL") as step:
            _provide(
                "DATABASE_URL", lambda: Postgres(there, durable=durable), urls, supervisor, step
            )
        with steps.step("Redis") as step:
            _provide("REDIS_URL", lambda: Redis(there, durable=durable), urls, supervisor, step)
        lines = "".join(f"export {name}={url}\n" for name, url in urls.items())
        if env_file:
            env_file.touch(mode=0o600)
            env_file.write_text(lines)
        say(lines)
        supervisor.watch()
    except Stopped:
        return 0
    finally:
        supervisor.stop()
        lock.release()
    return 0
