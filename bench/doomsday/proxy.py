"""A TCP proxy that can be slow, deaf or rude on order.

`python -m bench.doomsday.proxy FOLDER NAME=PORT ...`

Each NAME gets a port of its own in front of PORT; both, and the port that takes orders, are written
to FOLDER/proxy.json. An order is one line of JSON, {"line": name, "toxic": kind, "seconds": n}.
Source: reliability.md 4.4 (Shopify's Toxiproxy).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from pathlib import Path

from bench.doomsday.plan import Kind

HOST = "127.0.0.1"
CHUNK = 65_536
DELAY_SECONDS = 0.15


class Line:
    """One server behind its proxy port."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.is_refusing = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.upstreams: set[asyncio.StreamWriter] = set()
        self.clients: set[asyncio.StreamWriter] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until both sides are done."""
        if self.is_refusing:
            writer.transport.abort()
            return
        try:
            there, upstream = await asyncio.open_connection(HOST, self.target)
        except OSError:
            writer.transport.abort()
            return
        self.clients.add(writer)
        self.upstreams.add(upstream)
        try:
            await asyncio.gather(self._pump(reader, upstream), self._pump(there, writer))
        except OSError:
            upstream.transport.abort()
            writer.transport.abort()
        finally:
            self.clients.discard(writer)
            self.upstreams.discard(upstream)
            upstream.close()
            writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            await self.gate.wait()
            if self.delay:
                await asyncio.sleep(self.delay)
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof() and not writer.is_closing():
            writer.write_eof()

    async def suffer(self, toxic: Kind, seconds: float) -> int:
        """Misbehave for a while; how many connections were open when it began."""
        touched = len(self.clients)
        if toxic == Kind.LATENCY:
            self.delay = DELAY_SECONDS
        elif toxic == Kind.BLACKHOLE:
            self.gate.clear()
        elif toxic == Kind.RESET:
            self.is_refusing = True
            for writer in [*self.clients, *self.upstreams]:
                writer.transport.abort()
        elif toxic == Kind.HALF_CLOSE:
            for upstream in list(self.upstreams):
                with contextlib.suppress(OSError):
                    upstream.write_eof()
        await asyncio.sleep(seconds)
        self.delay, self.is_refusing = 0.0, False
        self.gate.set()
        return touched


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


async def serve(folder: Path, targets: dict[str, int]) -> None:
    """Listen until killed."""
    lines = {name: Line(port) for name, port in targets.items()}
    ports = {}
    for name, taker in [*lines.items(), ("orders", Orders(lines))]:
        server = await asyncio.start_server(taker.take, HOST, 0)
        ports[name] = server.sockets[0].getsockname()[1]
    half = folder / "proxy.json.half"
    half.write_text(json.dumps(ports))
    half.replace(folder / "proxy.json")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(
        serve(
            Path(sys.argv[1]),
            {name: int(port) for name, _eq, port in (pair.partition("=") for pair in sys.argv[2:])},
        )
    )
