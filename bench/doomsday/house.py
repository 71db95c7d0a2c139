"""The mall of the run: its servers and processes, kept alive as systemd would.

Everything listens on free ports of the loopback, keeps its files in one folder and dies with us.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench.doomsday.plan import Plan
from mall.runner.places import PROJECT, Places
from mall.runner.servers import HOST, Postgres, Redis, Server, free_port, last_lines
from mall.runner.supervisor import Service
from mall.runner.system import RunnerError, kill_group, spawn, stop, wait_until

WEB_SECONDS, TOOL_SECONDS = 90.0, 60.0
TICK_SECONDS = 0.1
STOP = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
UNLOCKED = ("web", "worker")
CHANNEL_VARIABLES = {
    "wechatpay": {
        "appid": "WECHATPAY_APPID",
        "mchid": "WECHATPAY_MCHID",
        "serial": "WECHATPAY_SERIAL",
        "private_key_file": "WECHATPAY_PRIVATE_KEY_FILE",
        "api_key": "WECHATPAY_API_KEY",
        "platform_serial": "WECHATPAY_PLATFORM_SERIAL",
        "platform_key_file": "WECHATPAY_PLATFORM_KEY_FILE",
    },
    "alipay": {
        "app_id": "ALIPAY_APPID",
        "seller_id": "ALIPAY_SELLER_ID",
        "private_key_file": "ALIPAY_PRIVATE_KEY_FILE",
        "public_key_file": "ALIPAY_PUBLIC_KEY_FILE",
    },
}


class House:
    """One mall under test."""

    def __init__(self, there: Places, plan: Plan, seed: int) -> None:
        self.there = there
        self.plan = plan
        self.seed = seed
        self.has_locks = True
        self.folder = there.var / "run"
        self.arms = self.folder / "arms"
        self.arms.mkdir(parents=True)
        self.postgres, self.redis = Postgres(there), Redis(there)
        self.tools: list[subprocess.Popen[bytes]] = []
        self.services: dict[str, Service] = {}
        self.restarts = 0
        self.ports: dict[str, int] = {}
        self.provider: dict[str, Any] = {}
        self.web_port = free_port()

    # --- up and down ----------------------------------------------------------

    def open(self, empty: Path) -> dict[str, Any]:
        """Servers, database, shop, providers, proxy, mall; the world that the client buys in.

        ``empty`` is a dump of a migrated, empty database: used when it is there, else made.
        """
        self.postgres.start()
        self.redis.start()
        self._fill_database(empty)
        self._tell(self.plan)
        self.run("-m", "bench.doomsday.management", "open", str(self.folder))
        manners = json.dumps(asdict(self.plan.manners))
        self.provider = self.tool("provider", str(self.folder), str(self.seed), manners)
        targets = {
            "postgres": self.postgres.port,
            "redis": self.redis.port,
            "provider": self.provider["port"],
        }
        pairs = [f"{name}={port}" for name, port in targets.items()]
        self.ports = self.tool("proxy", str(self.folder), *pairs)
        self._start_mall()
        return dict(json.loads((self.folder / "world.json").read_text()))

    def _tell(self, plan: Plan) -> None:
        size = {name: getattr(plan, name) for name in ("orders", "buyers", "skus")}
        said = {"size": size, "drain_seconds": plan.drain_seconds}
        (self.folder / "plan.json").write_text(json.dumps(said))

    def take_locks_away(self, control: Plan) -> None:
        """From here on it is the control: those who serve buyers and do tasks start again without
        locks, everything else stays as it is."""
        self.plan, self.has_locks = control, False
        self._tell(control)
        for name in UNLOCKED:
            service = self.services[name]
            if service.child is not None:
                kill_group(service.child)
            self._open(name)
        self._wait_for_web()

    def close(self) -> None:
        """End everything, the last started first."""
        for service in self.services.values():
            if service.child is not None:
                service.child.send_signal(signal.SIGCONT)
                kill_group(service.child)
        for child in self.tools:
            stop(child, STOP)
        self.redis.stop()
        self.postgres.stop()

    def tool(self, name: str, *arguments: str) -> dict[str, Any]:
        """Start a helper of the run; what it says of itself once it listens."""
        said = self.folder / f"{name}.json"
        child = self._spawn(name, [sys.executable, "-m", f"bench.doomsday.{name}", *arguments])
        self.tools.append(child)
        if not wait_until(lambda: said.exists() or child.poll() is not None, TOOL_SECONDS):
            child.kill()
        if not said.exists():
            raise RunnerError(f"{name} did not start:\n{last_lines(self._log(name))}")
        return dict(json.loads(said.read_text()))

    def client(self, told: dict[str, Any]) -> subprocess.Popen[bytes]:
        """Let the buyers in."""
        (self.folder / "client.json").write_text(json.dumps(told))
        command = [sys.executable, "-m", "bench.doomsday.client", str(self.folder)]
        child = self._spawn("client", command)
        self.tools.append(child)
        return child

    def run(self, *arguments: str) -> None:
        """One program of the mall's side, straight to its servers. Raises: RunnerError."""
        with self.there.open_log("world") as log:
            done = subprocess.run(
                [sys.executable, *arguments],
                env=self.environment(proxied=False),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        if done.returncode:
            said = last_lines(self._log("world"), 30)
            raise RunnerError(f"{' '.join(arguments[:3])} failed:\n{said}")

    def _fill_database(self, empty: Path) -> None:
        """Migrating takes a minute, restoring a dump of it some seconds."""
        bin_folder, url = self.postgres.programs.bin, self.postgres.url
        if empty.exists():
            restore = [bin_folder / "psql", "-q1", "-v", "ON_ERROR_STOP=1", "-f", empty, url]
            self._pg(restore)
            return
        self.run("manage.py", "migrate", "--verbosity", "0")
        if (bin_folder / "pg_dump").exists():
            self._pg([bin_folder / "pg_dump", "--no-owner", "-f", empty, url])

    def _pg(self, command: Sequence[object]) -> None:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RunnerError(f"{command[0]} failed:\n{done.stderr}")

    # --- keeping it alive -----------------------------------------------------

    def tick(self, seconds: float = TICK_SECONDS) -> None:
        """Wait, and start again at once what has ended."""
        until = time.monotonic() + seconds
        while True:
            for service in self.services.values():
                if not service.is_up:
                    self._revive(service)
            if time.monotonic() >= until:
                return
            time.sleep(min(TICK_SECONDS, seconds))

    def _revive(self, service: Service) -> None:
        if service.child is not None:
            kill_group(service.child)
        self.restarts += 1
        service.up()

    def _start_mall(self) -> None:
        for name in ("web", "worker", "beat", "operator"):
            self._open(name)
        self._wait_for_web()

    def _open(self, name: str) -> None:
        service = Service(name, self._starter(name, self._command(name)), self._log(name))
        self.services[name] = service
        service.up()

    def _command(self, name: str) -> list[str]:
        """How a process of the mall is started: as in production, by the interpreter of ours."""
        celery = ["celery", "--app", "mall.celery"]
        commands = {
            "web": [
                "gunicorn", "mall.wsgi:application", "--bind", f"{HOST}:{self.web_port}",
                "--worker-class", "gthread", "--workers", "2", "--threads", "6", "--preload",
                "--graceful-timeout", "5", "--no-control-socket",
            ],
            "worker": [
                *celery, "worker", "--loglevel", "WARNING", "--concurrency", "2",
                "--without-gossip", "--without-mingle",
            ],
            "beat": [*celery, "beat", "--loglevel", "WARNING"],
            "operator": ["bench.doomsday.management", "operate", str(self.folder)],
        }  # fmt: skip
        return [sys.executable, "-m", *commands[name]]

    def _wait_for_web(self) -> None:
        if not wait_until(self.answers, WEB_SECONDS):
            raise RunnerError(f"web does not answer:\n{last_lines(self._log('web'))}")

    def answers(self) -> bool:
        """True when the web server and PostgreSQL behind it are there."""
        link = http.client.HTTPConnection(HOST, self.web_port, timeout=5)
        try:
            link.request("GET", "/healthz")
            return link.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def child_of(self, name: str) -> int | None:
        """The first living child process of a service: a web process, a task process."""
        service = self.services[name]
        if service.child is None:
            return None
        tasks = Path(f"/proc/{service.child.pid}/task/{service.child.pid}/children")
        try:
            pids = [int(pid) for pid in tasks.read_text().split()]
        except OSError:
            return None
        return pids[0] if pids else None

    def restart(self, server: Server, number: int, away_seconds: float = 0.0) -> None:
        """End a server by a signal, leave it away for a while, start it again at its old port."""
        port = server.port
        assert server.child is not None
        server.child.send_signal(number)
        server.child.wait(TOOL_SECONDS)
        kill_group(server.child)
        self.tick(away_seconds)
        server.start()
        if server.port != port:
            raise RunnerError(f"{server.name} lost its port {port}")

    # --- what its processes are told ------------------------------------------

    def environment(self, *, proxied: bool) -> dict[str, str]:
        """Of every process of the mall; ``proxied``: behind the proxy, with failpoints."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        plain = {
            **kept,
            "PYTHONUNBUFFERED": "1",
            "LC_ALL": "C.UTF-8",
            "MALL_DEMO": "1",
            "MALL_VAR": str(self.there.var),
            "LOG_LEVEL": "WARNING",
            "SITE_URL": f"http://{HOST}:{self.web_port}",
            "TRUSTED_PROXIES": "1",
            "PAYMENT_PROVIDERS": "wechatpay,alipay",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
        }
        if not proxied:
            return plain
        provider = f"http://{HOST}:{self.ports['provider']}"
        return plain | {
            "DATABASE_URL": _moved(self.postgres.url, self.ports["postgres"]),
            "REDIS_URL": _moved(self.redis.url, self.ports["redis"]),
            "WECHATPAY_URL": provider,
            "ALIPAY_URL": f"{provider}/gateway.do",
            "MALL_FAILPOINTS": "1",
            "MALL_FAILPOINT_DIR": str(self.arms),
            "MALL_LOCKS": "1" if self.has_locks else "0",
            **self._channels(),
        }

    def _channels(self) -> dict[str, str]:
        told = self.provider["channels"]
        return {
            variable: told[channel][name]
            for channel, names in CHANNEL_VARIABLES.items()
            for name, variable in names.items()
        }

    def _starter(self, name: str, command: Sequence[str]) -> Callable[[], subprocess.Popen[bytes]]:
        environment = self.environment(proxied=True)
        return lambda: self._spawn(name, command, environment)

    def _spawn(
        self, name: str, command: Sequence[str], environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        env = environment or self.environment(proxied=False)
        with self.there.open_log(name) as log:
            return spawn(command, env=env, log=log, cwd=PROJECT)

    def _log(self, name: str) -> Path:
        return self.there.logs / f"{name}.log"


def _moved(url: str, port: int) -> str:
    parts = urlsplit(url)
    where = f"{parts.netloc.rpartition('@')[0]}@{HOST}:{port}"
    return urlunsplit(parts._replace(netloc=where))
