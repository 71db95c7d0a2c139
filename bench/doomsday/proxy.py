"""A TCP proxy that can be slow, deaf or rude on order.

`python -m bench.doomsday.proxy FOLDER NAME=PORT ...`: each NAME gets a port of its own in front of
PORT; these, and the port that takes orders, are written to FOLDER/proxy.json. An order is one line
of JSON, {"line": name, "toxic": kind, "seconds": n}. Source: reliability.md 4.4 (Toxiproxy).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.doomsday.plan import Kind

HOST = "127.0.0.1"
DELAY_SECONDS = 0.15
NO_LINGER = struct.pack("ii", 1, 0)


class Line:
    """One server behind its proxy port, and how well the way to it is."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.is_deaf = False
        self.is_refusing = False
        self.ends: set[End] = set()

    async def suffer(self, toxic: Kind, seconds: float) -> int:
        """Misbehave for a while; how many ends of connections there were when it began."""
        touched = len(self.ends)
        if toxic == Kind.LATENCY:
            self.delay = DELAY_SECONDS
        elif toxic == Kind.BLACKHOLE:
            self.is_deaf = True
        elif toxic == Kind.RESET:
            self.is_refusing = True
            for end in list(self.ends):
                end.abort()
        elif toxic == Kind.HALF_CLOSE:
            for end in list(self.ends):
                end.hang_up_on_server()
        await asyncio.sleep(seconds)
        self.delay, self.is_deaf, self.is_refusing = 0.0, False, False
        for end in list(self.ends):
            end.pass_on()
        return touched


class End(asyncio.Protocol):
    """One end of a connection: what it hears goes to its peer, at once while the line is well."""

    def __init__(self, line: Line, peer: End | None = None) -> None:
        self.line = line
        self.peer = peer
        self.is_server = peer is not None
        self.transport: asyncio.Transport | None = None
        self.kept: list[bytes] = []
        self.has_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.line.ends.add(self)
        if self.peer is None:
            asyncio.get_running_loop().create_task(self._reach())
        elif self.peer.transport is None or self.peer.transport.is_closing():
            self.abort()  # the client did not wait
        else:
            self.peer.peer = self
            self.peer.pass_on()

    async def _reach(self) -> None:
        """Connect to the server behind."""
        loop = asyncio.get_running_loop()
        try:
            if self.line.is_refusing:
                raise ConnectionRefusedError
            await loop.create_connection(lambda: End(self.line, self), HOST, self.line.target)
        except OSError:
            self.abort()

    def data_received(self, data: bytes) -> None:
        self.kept.append(data)
        if self.line.delay:
            asyncio.get_running_loop().call_later(self.line.delay, self.pass_on)
        else:
            self.pass_on()

    def eof_received(self) -> bool:
        self.has_ended = True
        self.pass_on()
        return True  # the other direction may still have something to say

    def connection_lost(self, exc: Exception | None) -> None:
        self.line.ends.discard(self)
        if self.peer is None or self.peer.transport is None:
            return
        if exc is not None:
            self.peer.abort()
        else:
            self.pass_on()
            self.peer.transport.close()

    def pass_on(self) -> None:
        """Give the peer what was kept, unless the line is deaf."""
        there = self.peer.transport if self.peer is not None else None
        if there is None or there.is_closing() or self.line.is_deaf:
            return
        if self.kept:
            kept, self.kept = self.kept, []
            there.write(b"".join(kept))
        if self.has_ended:
            with contextlib.suppress(OSError, RuntimeError):
                there.write_eof()

    def hang_up_on_server(self) -> None:
        """Say to the server that nothing more will come; its last words still go through."""
        if self.is_server and self.transport is not None and not self.transport.is_closing():
            with contextlib.suppress(OSError, RuntimeError):
                self.transport.write_eof()

    def abort(self) -> None:
        """Reset the connection: no polite end, whatever was on its way is lost."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER
            )
            self.transport.abort()


class Orders:
    """The port that takes orders."""

    def __init__(self, lines: dict[str, Line]) -> None:
        self.lines = lines

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Obey line by line; the answer comes when the line is well again."""
        while text := await reader.readline():
            order = json.loads(text)
            line = self.lines[order["line"]]
            touched = await line.suffer(Kind(order["toxic"]), order["seconds"])
            writer.write(json.dumps({"touched": touched}).encode() + b"\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(targets: dict[str, int]) -> AsyncIterator[dict[str, int]]:
    """A port in front of each target, and one named ``orders``; the ports by name."""
    loop = asyncio.get_running_loop()
    lines = {name: Line(port) for name, port in targets.items()}
    servers = {
        name: await loop.create_server(lambda line=line: End(line), HOST, 0)  # type: ignore[misc]
        for name, line in lines.items()
    }
    servers["orders"] = await asyncio.start_server(Orders(lines).take, HOST, 0)
    try:
        yield {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
    finally:
        for server in servers.values():
            server.close()
        for line in lines.values():
            for end in list(line.ends):
                end.abort()


async def serve(folder: Path, targets: dict[str, int]) -> None:
    """Listen until killed."""
    half = folder / "proxy.json.half"
    async with listening(targets) as ports:
        half.write_text(json.dumps(ports))
        half.replace(folder / "proxy.json")
        await asyncio.Event().wait()


if __name__ == "__main__":
    pairs = (pair.partition("=") for pair in sys.argv[2:])
    asyncio.run(serve(Path(sys.argv[1]), {name: int(port) for name, _eq, port in pairs}))
