"""Posters are drawn once and kept as files by what stands on them. Source: M-65."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from promotions.posters import Poster, draw_poster

LAYOUT = "1"
"""Another layout makes new files."""


def keep_poster(poster: Poster, *, picture: str = "") -> str:
    """The stored name of the poster; ``picture`` is the stored name of what it shows.

    Writes a file the first time: called outside transactions. Raises: PosterFontMissing.
    """
    parts = (LAYOUT, poster.brand, poster.title, poster.hint, poster.link, poster.price, picture)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    name = f"posters/{digest[:2]}/{digest}.png"
    if default_storage.exists(name):
        return name
    drawn = draw_poster(_with_picture(poster, picture))
    return default_storage.save(name, ContentFile(drawn))


def _with_picture(poster: Poster, picture: str) -> Poster:
    if not picture or not default_storage.exists(picture):
        return poster
    with default_storage.open(picture) as file:
        return Poster(
            brand=poster.brand,
            title=poster.title,
            hint=poster.hint,
            link=poster.link,
            price=poster.price,
            picture=file.read(),
        )
