"""Readable progress: one line per step with its time; a spinner only on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

SPINNER = "|/-\\"
NOTE_EVERY_SECONDS = 10.0
CLEAR_LINE = "\r\x1b[2K"


class Steps:
    """Numbered steps of a start, such as `[3/7] PostgreSQL 17 ... 0.9 s`."""

    def __init__(self, total: int, out: TextIO = sys.stdout) -> None:
        self.total = total
        self.out = out
        self.number = 0

    def step(self, title: str) -> Step:
        self.number += 1
        return Step(f"[{self.number}/{self.total}] {title}", self.out)


class Step:
    """One step, as a context manager: call `tick` while waiting and `note` when there is news."""

    def __init__(self, title: str, out: TextIO) -> None:
        self.title = title
        self.out = out
        self.terminal = out.isatty()
        self.text = ""
        self.started = self.shown = time.monotonic()
        self.frame = 0

    def __enter__(self) -> Self:
        if not self.terminal:
            self._write(f"{self.title} ...\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end = "stopped" if kind else f"{time.monotonic() - self.started:.1f} s"
        text = f", {self.text}" if self.text and not kind else ""
        self._write(f"{CLEAR_LINE if self.terminal else ''}{self.title}: {end}{text}\n")

    def note(self, text: str) -> None:
        """News of the step, such as `31 of 70`."""
        self.text = text
        self.tick()

    def tick(self) -> None:
        """Show that we live: often on a terminal, rarely in a log."""
        now = time.monotonic()
        seconds = now - self.started
        if self.terminal:
            self.frame += 1
            mark = SPINNER[self.frame % len(SPINNER)]
            self._write(f"{CLEAR_LINE}{mark} {self.title} {seconds:.0f} s  {self.text}"[:110])
        elif now - self.shown >= NOTE_EVERY_SECONDS:
            self.shown = now
            self._write(f"      {seconds:.0f} s  {self.text}\n")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
