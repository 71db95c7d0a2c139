"""Doing the faults to the house, and seeing that each was really done."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg2
import redis

from bench.doomsday.house import House
from bench.doomsday.plan import TOXICS, Fault, Kind
from mall.runner.servers import HOST
from mall.runner.system import is_running, wait_until

DEATH_SECONDS = 5.0
CHILD_SECONDS = 20.0
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class Saboteur:
    """Fires faults one by one; ``fired`` are those that were seen to work."""

    def __init__(self, house: House, faults: list[Fault]) -> None:
        self.house = house
        self.left = list(faults)
        self.armed: list[Fault] = []
        self.fired: list[Fault] = []
        self.log = house.folder / "faults.jsonl"
        self.began = 0.0
        self.deeds: dict[Kind, Callable[[Fault], bool]] = {
            Kind.KILL_WEB: lambda _fault: self._kill(self._child("web")),
            Kind.KILL_WEB_MASTER: lambda _fault: self._kill_service("web"),
            Kind.KILL_WORKER_CHILD: lambda _fault: self._kill(self._child("worker")),
            Kind.KILL_WORKER: lambda _fault: self._kill_service("worker"),
            Kind.KILL_BEAT: lambda _fault: self._kill_service("beat"),
            Kind.STOP_REDIS: self._stop_redis,
            Kind.FLUSH_REDIS: self._flush_redis,
            Kind.RESTART_POSTGRES: self._restart_postgres,
            Kind.TERMINATE_BACKENDS: self._terminate,
        } | dict.fromkeys(TOXICS, self._poison)

    def fire_due(self, placed: int) -> None:
        """Fire what is due now that so many orders are placed."""
        self.began = self.began or time.monotonic()
        self._look_at_armed()
        while self.left and self.left[0].after <= placed:
            fault = self.left.pop(0)
            if fault.kind == Kind.FAILPOINT:
                self._arm(fault)
            else:
                self._note(fault, self.deeds[fault.kind](fault))

    def wait_for_armed(self, seconds: float) -> None:
        """Give the failpoints that nobody has passed yet some more time."""
        until = time.monotonic() + seconds
        while self.armed and time.monotonic() < until:
            self.house.tick()
            self._look_at_armed()

    def _arm(self, fault: Fault) -> None:
        """A place can hold one charge: a second one waits until the first went off."""
        path = self.house.arms / fault.target
        if path.exists():
            self.wait_for_armed(DEATH_SECONDS)
        path.touch()
        self.armed.append(fault)

    def _look_at_armed(self) -> None:
        for fault in list(self.armed):
            if not (self.house.arms / fault.target).exists():
                self.armed.remove(fault)
                self._note(fault, is_done=True)

    def _note(self, fault: Fault, is_done: bool) -> None:
        if is_done:
            self.fired.append(fault)
        facts: dict[str, Any] = {"at": round(time.monotonic() - self.began, 2), "fired": is_done}
        with Path(self.log).open("a") as log:
            log.write(json.dumps({**facts, **asdict(fault)}) + "\n")

    def _kill(self, pid: int | None) -> bool:
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return wait_until(lambda: not is_running(pid), DEATH_SECONDS)

    def _child(self, name: str) -> int | None:
        """A process of a service; one that was just started again has none for a moment."""
        until = time.monotonic() + CHILD_SECONDS
        while self.house.child_of(name) is None and time.monotonic() < until:
            self.house.tick()
        return self.house.child_of(name)

    def _kill_service(self, name: str) -> bool:
        child = self.house.services[name].child
        is_dead = child is not None and self._kill(child.pid)
        self.house.tick(0)
        return is_dead

    def _stop_redis(self, fault: Fault) -> bool:
        self.house.restart(self.house.redis, signal.SIGTERM, fault.seconds)
        return True

    def _flush_redis(self, _fault: Fault) -> bool:
        with redis.Redis.from_url(self.house.redis.url, socket_timeout=10) as link:
            return bool(link.flushall())

    def _restart_postgres(self, _fault: Fault) -> bool:
        self.house.restart(self.house.postgres, signal.SIGQUIT)
        return True

    def _terminate(self, _fault: Fault) -> bool:
        with psycopg2.connect(self.house.postgres.url) as link, link.cursor() as cursor:
            cursor.execute(TERMINATE)
            ended = len(cursor.fetchall())
        link.close()
        return ended > 0

    def _poison(self, fault: Fault) -> bool:
        """The proxy answers once the line is well again; the house is looked after meanwhile."""
        order = {"line": fault.target, "toxic": fault.kind, "seconds": fault.seconds}
        with socket.create_connection((HOST, self.house.ports["orders"])) as link:
            link.sendall(json.dumps(order).encode() + b"\n")
            self.house.tick(fault.seconds)
            link.settimeout(30)
            return b"touched" in link.recv(200)
