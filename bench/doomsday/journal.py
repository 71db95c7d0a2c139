"""What somebody wrote down as it happened: append-only, on the disk before it counts."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a journal, oldest first; a last line that was cut is none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


class Journal:
    """Of one asyncio process. ``write`` returns once its record is on the disk; what is written at
    the same time goes there together."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("ab", buffering=0)
        self.waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self.is_flushing = False

    async def write(self, record: dict[str, Any]) -> None:
        """Append one record."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self.waiting.append((line, written))
        if not self.is_flushing:
            self.is_flushing = True
            await self._flush()
        await written

    async def _flush(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = self.waiting, []
                await asyncio.to_thread(self._sync, b"".join(line for line, _done in batch))
                for _line, done in batch:
                    done.set_result(None)
        finally:
            self.is_flushing = False

    def _sync(self, text: bytes) -> None:
        self.file.write(text)
        os.fsync(self.file.fileno())
