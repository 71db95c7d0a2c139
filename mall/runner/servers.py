"""The two embedded servers: PostgreSQL and Valkey, as direct children on the loopback.

Never for production: they are for `make run`, `make test` and development. Both listen on 127.0.0.1
only and ask for a password that is made at random and kept in the server's own folder.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from urllib.parse import quote

from mall.runner.binaries import choose_postgres, choose_redis, postgres_installations
from mall.runner.places import PROJECT, Places, reachable_copy
from mall.runner.system import (
    RunnerError,
    is_running,
    process_state,
    spawn,
    stop,
    wait_until,
)

HOST = "127.0.0.1"
USER = DATABASE = "mall"
LOCALE = "C.UTF-8"  # with LC_CTYPE=C trigram search over Chinese is silently empty
SCRIPTS = PROJECT / "deploy" / "postgres"
FIRST_SQL = "CREATE DATABASE mall\nSELECT datname, datctype FROM pg_database\n"
START_SECONDS = 60
DATABASES = 256  # of Redis: each process of a test run claims one
PLAIN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"}


def free_port(wanted: int | None = None) -> int:
    """``wanted`` when nobody listens there, else any free port of the loopback."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RunnerError("no free port on 127.0.0.1")


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a message about what went wrong."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


def number_in(path: Path) -> int | None:
    """What a file says; None without one, or of one that a power cut left empty."""
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


class Server(ABC):
    """What both servers share: a folder, a password, a port that stays the same when it can."""

    name: str
    stop_steps: tuple[tuple[int, float], ...]
    death_signal: int

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.durable = durable
        self.folder = places.server_folder(self.name)
        self.child: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def log(self) -> Path:
        return self.places.logs / f"{self.name}.log"

    @property
    @abstractmethod
    def url(self) -> str:
        """The address with which a client connects."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What runs where, for the progress line."""

    def start(self) -> None:
        """Prepare the folder, clear what a crash left, start, and wait until it answers."""
        self._prepare()
        self._clear_leftovers()
        self.port = free_port(self._remembered_port())
        with self.places.open_log(self.name) as log:
            self.child = self._spawn(log)
        (self.folder / "port").write_text(str(self.port))
        if not wait_until(self._settled, START_SECONDS) or self.child.poll() is not None:
            self.stop()
            raise RunnerError(f"{self.name} did not start:\n{last_lines(self.log)}")
        (self.folder / "pid").write_text(str(self.child.pid))

    def stop(self) -> None:
        if self.child is not None:
            stop(self.child, self.stop_steps)
            self.child = None

    def _settled(self) -> bool:
        assert self.child is not None
        return self.child.poll() is not None or self._answers()

    @abstractmethod
    def _answers(self) -> bool:
        """True once a client would be served."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make the data folder, the first time."""

    @abstractmethod
    def _spawn(self, log: object) -> subprocess.Popen[bytes]:
        """Start the process on ``self.port``."""

    def _remembered_port(self) -> int | None:
        return number_in(self.folder / "port")

    def _leftover_pid(self) -> int | None:
        return number_in(self.folder / "pid")

    def _clear_leftovers(self) -> None:
        """End a server of this folder that outlived its runner (we own the folder's lock)."""
        pid = self._leftover_pid()
        if pid is None or not is_running(pid) or not self._is_ours(pid):
            return
        for number in (signal.SIGQUIT, signal.SIGKILL):
            os.kill(pid, number)
            if wait_until(lambda: not is_running(pid), 5):
                return
        raise RunnerError(f"{self.name} (pid {pid}) of an earlier run does not stop")

    def _is_ours(self, pid: int) -> bool:
        try:
            return Path(os.readlink(f"/proc/{pid}/cwd")) == self._working_folder()
        except OSError:
            return False

    @abstractmethod
    def _working_folder(self) -> Path:
        """Where the process runs, by which it is known as ours."""

    def _password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
            self.places.give(path, 0o600)
        return path.read_text()


class Postgres(Server):
    """An embedded PostgreSQL."""

    name = "postgres"
    death_signal = signal.SIGQUIT  # immediate: the next start recovers from the log
    stop_steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))  # fast, then immediate

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        super().__init__(places, durable=durable)
        self.data = self.folder / "data"
        self.programs = choose_postgres(postgres_installations(places), self.data)

    @property
    def url(self) -> str:
        return (
            f"postgresql://{USER}:{quote(self._password(), safe='')}@{HOST}:{self.port}/{DATABASE}"
        )

    @property
    def description(self) -> str:
        return f"{self.programs.major} from {self.programs.origin}, port {self.port}"

    def _prepare(self) -> None:
        """Make the cluster beside its place and rename it, so a half-made one is never used."""
        if (self.data / "PG_VERSION").exists():
            return
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        self._password()
        self._run(
            "initdb", "-D", half, "-U", USER, "-E", "UTF8", f"--locale={LOCALE}", "--no-sync",
            "--auth=scram-sha-256", f"--pwfile={self.folder / 'password'}", "--no-instructions",
        )  # fmt: skip
        said = self._run("postgres", "--single", "-D", half, "postgres", text=FIRST_SQL)
        if f'datctype = "{LOCALE}"' not in said:
            raise RunnerError(f"the new database does not have the locale {LOCALE}:\n{said}")
        half.rename(self.data)

    def _run(self, program: str, *arguments: str | Path, text: str = "") -> str:
        command = [str(self.programs.bin / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            input=text,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=PLAIN_ENVIRONMENT,
            cwd=self.folder,
            check=False,
            **self.places.identity.popen_arguments,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RunnerError(f"{program} failed:\n{done.stdout}")
        return str(done.stdout)

    def _spawn(self, log: object) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "hot_standby": "off",  # after a restore it is ready when it can be written to
        }
        if self.durable:
            settings |= self._archiving()
        else:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return spawn(
            [self.programs.bin / "postgres", "-D", self.data, *options],
            env=PLAIN_ENVIRONMENT,
            log=log,  # type: ignore[arg-type]
            cwd=self.folder,
            identity=self.places.identity,
            death_signal=self.death_signal,
        )

    def _archiving(self) -> dict[str, object]:
        """Keep the log beside the backups (mall/runner/backups.py), once there are any."""
        archive = reachable_copy(SCRIPTS, self.places) / "archive"
        backups = self.places.home / "backups"
        keep = f"BACKUPS='{backups}' '{archive}' '%p' '%f'"
        return {
            "archive_mode": "on",
            "archive_timeout": 60,
            "archive_command": f"test ! -d '{backups}/wal' || {keep}",
        }

    def running_port(self) -> int | None:
        """Where it listens, when it runs (perhaps under another process of ours)."""
        pid = self._leftover_pid()
        if pid is None or not is_running(pid) or not self._is_ours(pid):
            return None
        return self._remembered_port()

    def password(self) -> str:
        """Of the one user, who owns the database."""
        return self._password()

    def _status(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _answers(self) -> bool:
        """PostgreSQL writes `ready` in line 8 of its pid file, as pg_ctl reads it."""
        assert self.child is not None
        lines = self._status()
        return len(lines) >= 8 and lines[0] == str(self.child.pid) and lines[7].strip() == "ready"

    def _working_folder(self) -> Path:
        return self.data  # the postmaster moves into its data folder

    def _leftover_pid(self) -> int | None:
        lines = self._status()
        return int(lines[0]) if lines else None

    def _clear_leftovers(self) -> None:
        super()._clear_leftovers()
        pid = self._leftover_pid()
        # Nothing, a pid that is gone, a zombie nobody reaped, or another program's by now: the file
        # is stale, but PostgreSQL would refuse to start for it.
        if pid is None or process_state(pid) in (None, "Z", "X") or not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)


class Redis(Server):
    """An embedded Valkey (or Redis): append-only file, no eviction, as production is set up."""

    name = "redis"
    death_signal = signal.SIGTERM
    stop_steps = ((signal.SIGTERM, 10.0),)

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        super().__init__(places, durable=durable)
        self.program = choose_redis(places)

    @property
    def url(self) -> str:
        return f"redis://:{quote(self._password(), safe='')}@{HOST}:{self.port}/0"

    @property
    def description(self) -> str:
        return f"{self.program.name}, port {self.port}"

    def _working_folder(self) -> Path:
        return self.folder / "data"

    def _prepare(self) -> None:
        data = self._working_folder()
        data.mkdir(mode=0o700, exist_ok=True)
        self.places.give(data, 0o700)

    def _spawn(self, log: object) -> subprocess.Popen[bytes]:
        settings = {
            "bind": HOST,
            "port": self.port,
            "requirepass": self._password(),
            "dir": self._working_folder(),
            "databases": DATABASES,
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "warning",
        }
        path = self.folder / "server.conf"  # the password must not show in the process list
        path.touch(mode=0o600)
        path.write_text("".join(f'{key} "{value}"\n' for key, value in settings.items()))
        self.places.give(path, 0o600)
        return spawn(
            [self.program, path],
            env=PLAIN_ENVIRONMENT,
            log=log,  # type: ignore[arg-type]
            cwd=self._working_folder(),
            identity=self.places.identity,
            death_signal=self.death_signal,
        )

    def _answers(self) -> bool:
        """PONG comes once the append-only file is loaded; before that it is -LOADING."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as link:
                link.sendall(f"AUTH {self._password()}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := link.recv(256)):
                    answer += part
        except OSError:
            return False
        return b"+PONG" in answer
