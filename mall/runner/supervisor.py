"""Keeps a set of children alive, and ends all of them in order when told to stop."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from mall.runner.servers import last_lines
from mall.runner.system import RunnerError, kill_group, wait_until

RESTARTS_ALLOWED = 5
RESTART_WINDOW_SECONDS = 60.0
WATCH_SECONDS = 0.25


class Stopped(BaseException):
    """The user asked us to stop; raised in the main thread by the first signal."""


class StopSignals:
    """Ctrl-C, `kill` and a closed terminal all mean: stop cleanly. A second one means: hurry."""

    def __init__(self) -> None:
        self.count = 0

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._received)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asked us to stay
            signal.signal(signal.SIGHUP, self._received)

    @property
    def hurry(self) -> bool:
        return self.count > 1

    def _received(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            raise Stopped


@dataclass
class Service:
    """A child that is started again when it ends by itself."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10.0
    child: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def up(self) -> None:
        self.child = self.start()

    @property
    def is_up(self) -> bool:
        return self.child is not None and self.child.poll() is None


class Supervisor:
    """Services in the order of their start; they are stopped in waves, the last started first."""

    def __init__(self, say: Callable[[str], None], signals: StopSignals) -> None:
        self.say = say
        self.signals = signals
        self.waves: list[list[Service]] = []

    def start(self, *services: Service) -> None:
        """Start ``services`` as one wave: they will be stopped together."""
        wave: list[Service] = []
        self.waves.append(wave)
        for service in services:
            wave.append(service)
            service.up()

    def watch(self) -> None:
        """Until a stop signal: start again what ended. Raises: RunnerError if one keeps ending."""
        while True:
            time.sleep(WATCH_SECONDS)
            for service in self._services():
                if not service.is_up:
                    self.revive(service)

    def revive(self, service: Service) -> None:
        now = time.monotonic()
        service.restarts = [at for at in service.restarts if now - at < RESTART_WINDOW_SECONDS]
        if len(service.restarts) >= RESTARTS_ALLOWED:
            raise RunnerError(f"{service.name} keeps ending:\n{last_lines(service.log)}")
        service.restarts.append(now)
        code = service.child.returncode if service.child else "?"
        if service.child is not None:
            kill_group(service.child)
        self.say(f"{service.name} ended (code {code}), starting it again; its log is {service.log}")
        service.up()
        self.say(f"{service.name} is up again")

    def check(self, service: Service) -> None:
        """Raises: RunnerError when a service that should be starting has ended."""
        if not service.is_up:
            raise RunnerError(f"{service.name} did not start:\n{last_lines(service.log)}")

    def stop(self) -> None:
        """End every wave, the newest first; all of a wave at once."""
        for wave in reversed(self.waves):
            self._stop_wave([service for service in wave if service.child is not None])
        self.waves.clear()

    def _stop_wave(self, wave: Sequence[Service]) -> None:
        for service in wave:
            if service.is_up and service.child:
                service.child.send_signal(service.stop_signal)
        patience = max((service.stop_seconds for service in wave), default=0)
        wait_until(lambda: self.signals.hurry or not any(one.is_up for one in wave), patience)
        for service in wave:
            if service.child:
                kill_group(service.child)

    def _services(self) -> Iterable[Service]:
        return (service for wave in self.waves for service in wave)
