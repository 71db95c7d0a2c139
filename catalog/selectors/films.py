"""The feed of short videos. Source: requirement C-43."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from catalog.models import Product, ShortVideo
from catalog.selectors.pictures import stored_video


def film_feed(at: datetime) -> QuerySet[ShortVideo]:
    """Short videos of goods on the shelf, in the operators' order, for ``film_row``. Queries: 1 a
    page."""
    rows = ShortVideo.objects.filter(is_active=True, product__in=Product.objects.on_shelf(at))
    rows = rows.select_related("product", "video__poster").order_by("sort", "-pk")
    return rows.defer("product__search", "product__blocks")


def film_row(row: ShortVideo) -> dict[str, Any]:
    """{product_id, title_zh, title_en, video} of one of the feed. Queries: 0."""
    return {
        "product_id": row.product_id,
        "title_zh": row.product.title_zh,
        "title_en": row.product.title_en,
        "video": stored_video(row.video),
    }


def short_videos(at: datetime, count: int = 24) -> list[dict[str, Any]]:
    """The beginning of the feed. Queries: 1."""
    return [film_row(row) for row in film_feed(at)[:count]]
