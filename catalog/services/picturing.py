"""Uploads become pictures: checked before they are decoded, stored once, in three widths.

Source: reliability.md ATK-70 to ATK-72 (pixel bombs, polyglots, EXIF with places), ui.md section 9.
"""

import hashlib
import io
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
WIDTHS = (800, 400, 200)
QUALITY = 82


def add_media(*, file: IO[bytes], alt_zh: str = "", alt_en: str = "") -> Media:
    """Store an upload as WebP, 800 px wide at most and in smaller widths; the same bytes only once.

    Nothing of the original is kept: no name, no EXIF, no second frame. Raises: PictureRefused
    before anything is decoded. Writes files, so it is called outside transactions.
    """
    content = file.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    known = Media.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    picture = _decode(content)
    name, widths = _store(picture)
    media, _made = Media.objects.get_or_create(
        sha256=digest,
        defaults={
            "file": name,
            "width": widths[0],
            "height": _height(picture, widths[0]),
            "widths": widths[1:],
            "alt_zh": alt_zh,
            "alt_en": alt_en,
        },
    )
    return media


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
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    return upright.convert("RGBA" if has_alpha else "RGB")


def _store(picture: Image.Image) -> tuple[str, list[int]]:
    """Write every width; returns the widest one's name and the widths, widest first."""
    widest = min(picture.width, WIDTHS[0])
    widths = [widest, *(width for width in WIDTHS[1:] if width < widest)]
    token = secrets.token_hex(12)
    stem = f"pictures/{token[:2]}/{token}"
    for width in widths:
        suffix = "" if width == widest else f"-{width}"
        default_storage.save(f"{stem}{suffix}.webp", _encode(picture, width))
    return f"{stem}.webp", widths


def _encode(picture: Image.Image, width: int) -> ContentFile:
    smaller = picture.resize((width, _height(picture, width)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    smaller.save(buffer, "WEBP", quality=QUALITY, method=4)
    return ContentFile(buffer.getvalue())


def _height(picture: Image.Image, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))
