"""Stored pictures and videos as dicts of api.md: addresses, sizes, words. No query."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from mall.kernel.words import localized

SECOND = 1000
MOST_KNOWN = 8_192
"""Addresses of files that a process remembers: a list shows dozens."""


def address(file: str) -> str:
    """Where a stored file is read."""
    return _address(file, settings.MEDIA_URL)


@lru_cache(MOST_KNOWN)
def _address(file: str, _below: str) -> str:
    return default_storage.url(file)


def image(picture: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """{url, srcset, srcset_avif, width, height, alt} of a stored picture; None where there is none.

    ``srcset_avif`` is empty where AVIF saves nothing, and for pictures frozen before there was any.
    """
    if picture is None:
        return None
    url = address(picture["file"])
    smaller = sorted(picture["widths"])
    has_avif = picture["width"] in (picture.get("avif_widths") or ())
    return {
        "url": url,
        "srcset": _srcset(url, picture["width"], smaller),
        "srcset_avif": _srcset(f"{url.rpartition('.')[0]}.avif", picture["width"], smaller)
        if has_avif
        else "",
        "width": picture["width"],
        "height": picture["height"],
        "alt": localized(picture, "alt"),
    }


def _srcset(url: str, width: int, smaller: Iterable[int]) -> str:
    stem, _dot, ending = url.rpartition(".")
    return ", ".join([*(f"{stem}-{one}.{ending} {one}w" for one in smaller), f"{url} {width}w"])


def video(
    stored: Mapping[str, Any] | None, instead: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """{url, poster, seconds, width, height, title} of a stored video; None where there is none.

    ``instead`` is the picture that stands for a poster it does not have.
    """
    if stored is None:
        return None
    return {
        "url": address(stored["file"]),
        "poster": image(stored["poster"] or instead),
        "seconds": (stored["duration_ms"] + SECOND // 2) // SECOND,
        "width": stored["width"],
        "height": stored["height"],
        "title": localized(stored, "title"),
    }
