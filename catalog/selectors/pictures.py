"""Pictures inside other queries: as a column of JSON, or through a join, never one query a row."""

from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from catalog.models import Media, ProductMedia, Video

COLUMNS = ("file", "width", "height", "widths", "avif_widths", "alt_zh", "alt_en")
JOINED_PICTURE = tuple(f"media__{column}" for column in COLUMNS)


def first_picture(product_column: str) -> Subquery:
    """The first picture of the product in ``product_column`` of the outer row: dict or None."""
    return Subquery(
        ProductMedia.objects.filter(product_id=OuterRef(product_column))
        .order_by("sort", "pk")
        .values(picture=JSONObject(**{column: F(f"media__{column}") for column in COLUMNS}))[:1]
    )


def joined_picture(row: dict[str, Any]) -> dict[str, Any] | None:
    """The picture of a values() row that selected JOINED_PICTURE; None when it has none."""
    if not row["media__file"]:
        return None
    return {column: row[f"media__{column}"] for column in COLUMNS}


def stored_picture(media: Media) -> dict[str, Any]:
    """The same dict of a loaded picture."""
    return {
        "file": media.file.name,
        "width": media.width,
        "height": media.height,
        "widths": media.widths,
        "avif_widths": media.avif_widths,
        "alt_zh": media.alt_zh,
        "alt_en": media.alt_en,
    }


def stored_video(video: Video) -> dict[str, Any]:
    """A loaded video with its poster, as a dict."""
    return {
        "file": video.file.name,
        "width": video.width,
        "height": video.height,
        "duration_ms": video.duration_ms,
        "title_zh": video.title_zh,
        "title_en": video.title_en,
        "poster": stored_picture(video.poster) if video.poster else None,
    }
