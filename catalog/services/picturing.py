"""Uploads become pictures: checked before they are decoded, stored once, in several widths.

Source: requirement C-40 (200 KB at most), reliability.md ATK-70 to ATK-72 (pixel bombs, polyglots,
EXIF with places), ui.md section 9.
"""

import dataclasses
import hashlib
import io
import math
import secrets
import warnings
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.errors import PictureRefused
from catalog.models import Media

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
MOST_HEIGHT = 9_600
"""Of the widest one that is stored: eight times its width. WebP itself ends at 16,383."""
MOST_STORED_BYTES = 204_800
"""Of every stored width (C-40)."""
WIDTHS = (1200, 800, 400, 200)
QUALITIES = (82, 74, 66, 58, 50, 42)
"""Tried from the best until the bytes fit; then the picture gets narrower."""
NARROWER = 0.8
AVIF_QUALITY, AVIF_SPEED = 60, 9
"""About as good to look at as the WebP; the encoder's quick end, as somebody waits."""
AVIF_WORTH = 0.95
"""AVIF is kept when all its widths together are at most this part of the WebP ones."""


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """A picture in one width, as it will be stored; ``avif`` is empty where it saves nothing."""

    width: int
    height: int
    webp: bytes
    avif: bytes = b""


def add_media(*, file: IO[bytes], alt_zh: str = "", alt_en: str = "") -> Media:
    """Store an upload as WebP, 1200 px wide at most and in smaller widths, each of 200 KB at most,
    with AVIF beside it where that is smaller; the same bytes only once.

    Nothing of the original is kept: no name, no EXIF, no second frame. Raises: PictureRefused
    before anything is decoded. Writes files, so it is called outside transactions.
    """
    content = file.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    known = Media.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    made = make_widths(_decode(content))
    widest, *smaller = made
    media, _made = Media.objects.get_or_create(
        sha256=digest,
        defaults={
            "file": _store(made),
            "width": widest.width,
            "height": widest.height,
            "widths": [version.width for version in smaller],
            "avif_widths": [version.width for version in made if version.avif],
            "alt_zh": alt_zh,
            "alt_en": alt_en,
        },
    )
    return media


def make_widths(picture: Image.Image) -> list[Made]:
    """Every width of a picture, widest first; AVIF in all of them or in none: a browser that knows
    it takes no WebP, whatever width it needs."""
    made: list[Made] = []
    for width in WIDTHS:
        if not made or width < made[-1].width:
            made.append(_fitting(picture, min(width, picture.width)))
    if is_avif_worth(made):
        return made
    return [dataclasses.replace(version, avif=b"") for version in made]


def is_avif_worth(made: list[Made]) -> bool:
    """True when AVIF saves bytes in all widths together and breaks the limit in none."""
    avif = [len(version.avif) for version in made]
    webp = sum(len(version.webp) for version in made)
    return sum(avif) <= AVIF_WORTH * webp and max(avif) <= MOST_STORED_BYTES


def _decode(content: bytes) -> Image.Image:
    if not content or len(content) > MAX_BYTES:
        raise PictureRefused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise PictureRefused from error
    if _height(upright, min(WIDTHS[0], upright.width)) > MOST_HEIGHT:
        raise PictureRefused
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    return upright.convert("RGBA" if has_alpha else "RGB")


def _fitting(picture: Image.Image, width: int) -> Made:
    """The picture so wide, or narrower: lower quality first, then fewer pixels, until it fits."""
    while True:
        smaller = picture.resize((width, _height(picture, width)), Image.Resampling.LANCZOS)
        webp = _encoded(smaller, "WEBP", quality=QUALITIES[0], method=4)
        if len(webp) > MOST_STORED_BYTES:
            webp = _encoded(smaller, "WEBP", quality=QUALITIES[-1], method=4)
            if len(webp) > MOST_STORED_BYTES:
                width = _narrower(width, len(webp))
                continue
            webp = _best_that_fits(smaller, webp)
        avif = _encoded(smaller, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED)
        return Made(width, smaller.height, webp, avif)


def _best_that_fits(picture: Image.Image, worst: bytes) -> bytes:
    """The picture at the best quality between the first, which is too large, and the last."""
    for quality in QUALITIES[1:-1]:
        webp = _encoded(picture, "WEBP", quality=quality, method=4)
        if len(webp) <= MOST_STORED_BYTES:
            return webp
    return worst


def _narrower(width: int, stored_bytes: int) -> int:
    """The width at which the worst quality should fit: bytes grow with the number of pixels."""
    return max(1, int(width * min(NARROWER, math.sqrt(MOST_STORED_BYTES / stored_bytes))))


def _encoded(picture: Image.Image, image_format: str, **how: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **how)
    return buffer.getvalue()


def _store(made: list[Made]) -> str:
    """Write every version; returns the widest one's name."""
    token = secrets.token_hex(12)
    stem = f"pictures/{token[:2]}/{token}"
    for version in made:
        suffix = "" if version is made[0] else f"-{version.width}"
        default_storage.save(f"{stem}{suffix}.webp", ContentFile(version.webp))
        if version.avif:
            default_storage.save(f"{stem}{suffix}.avif", ContentFile(version.avif))
    return f"{stem}.webp"


def _height(picture: Image.Image, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))
