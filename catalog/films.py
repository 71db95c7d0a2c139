"""Small real videos, for tests and the demo: frames that Pillow codes as AV1, put into an MP4 of
our own.

Pillow writes a row of pictures as an AVIF sequence, whose track holds a true AV1 stream. Its frames
and their description are taken over; the boxes around them are the plain ones of an MP4 file, so a
browser plays it and MediaInfo reads it like any other. Nothing needs ffmpeg.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

COLOURS = ("#c8102e", "#0057b8", "#00843d")
UNITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@cache
def film(
    seconds: float = 15, width: int = 64, height: int = 36, *, codec: bytes = b"av01"
) -> bytes:
    """An MP4 of three frames that lasts ``seconds``; ``codec`` only changes what it claims."""
    frames = [Image.new("RGB", (width, height), colour) for colour in COLOURS]
    return film_of(frames, seconds, codec)


def film_of(pictures: Sequence[Image.Image], seconds: float, codec: bytes = b"av01") -> bytes:
    """An MP4 that shows pictures of one size in turn, each as long, for ``seconds`` in all."""
    first, *others = pictures
    width, height = first.size
    buffer = io.BytesIO()
    first.save(buffer, "AVIF", save_all=True, append_images=others, speed=10, quality=20)
    sequence = buffer.getvalue()
    description = _found(sequence, b"stsd").replace(b"av01", codec)
    sizes, frames = _found(sequence, b"stsz"), _found(sequence, b"mdat")
    head = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso6mp41")
    duration = round(seconds * 1000)
    reel = _Reel(duration, width, height, len(pictures), description, sizes)
    start = len(head) + len(_movie(reel, 0)) + 8
    return head + _movie(reel, start) + _box(b"mdat", frames)


@dataclass(frozen=True, slots=True)
class _Reel:
    """What the boxes say of the frames."""

    ms: int
    width: int
    height: int
    frames: int
    stsd: bytes
    stsz: bytes


def _movie(reel: _Reel, start: int) -> bytes:
    ms, frames = reel.ms, reel.frames
    table = _box(
        b"stbl",
        _box(b"stsd", reel.stsd),
        _full(b"stts", struct.pack(">3I", 1, frames, ms // frames)),
        _full(b"stsc", struct.pack(">4I", 1, 1, frames, 1)),
        _box(b"stsz", reel.stsz),
        _full(b"stco", struct.pack(">2I", 1, start)),
        _full(b"stss", struct.pack(">2I", 1, 1)),
    )
    source = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    inside = _box(b"minf", _full(b"vmhd", bytes(8), flags=1), source, table)
    clock = _full(b"mdhd", struct.pack(">4IHH", 0, 0, 1000, ms, 0x55C4, 0))
    handler = _full(b"hdlr", bytes(4), b"vide", bytes(12), b"film\0")
    place = struct.pack(">5I", 0, 0, 1, 0, ms) + bytes(16)
    shape = struct.pack(">2I", reel.width << 16, reel.height << 16)
    track = _box(
        b"trak",
        _full(b"tkhd", place, UNITY, shape, flags=3),
        _box(b"mdia", clock, handler, inside),
    )
    whole = struct.pack(">4IIH", 0, 0, 1000, ms, 0x10000, 0x100) + bytes(10)
    return _box(b"moov", _full(b"mvhd", whole, UNITY, bytes(24), struct.pack(">I", 2)), track)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


def _found(file: bytes, kind: bytes) -> bytes:
    """What is in the last box of a kind."""
    place = file.rindex(kind)
    size = int.from_bytes(file[place - 4 : place], "big")
    return file[place + 4 : place - 4 + size]
