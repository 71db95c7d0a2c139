"""The feed of short videos. Source: requirement C-43."""

from datetime import datetime
from typing import Any

from catalog.models import Product, ShortVideo
from catalog.selectors.pictures import stored_video


def short_videos(at: datetime, count: int = 24) -> list[dict[str, Any]]:
    """Short videos of goods on the shelf, in the operators' order, each with its product.

    {product_id, title_zh, title_en, video}. Queries: 1.
    """
    rows = ShortVideo.objects.filter(is_active=True, product__in=Product.objects.on_shelf(at))
    rows = rows.select_related("product", "video__poster").order_by("sort", "-pk")
    return [
        {
            "product_id": row.product_id,
            "title_zh": row.product.title_zh,
            "title_en": row.product.title_en,
            "video": stored_video(row.video),
        }
        for row in rows.defer("product__search", "product__blocks")[:count]
    ]
