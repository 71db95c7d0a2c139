"""What a shopper may mean while still typing."""

from datetime import datetime
from typing import Any

from catalog.models import Brand, Category
from catalog.selectors.cards import list_cards
from catalog.selectors.filters import CardFilters
from catalog.tokens import normalize

WORDS = 3
PRODUCTS = 8


def suggestions(q: str, *, at: datetime, region_code: str = "") -> list[dict[str, Any]]:
    """Categories, brands and goods that fit ``q``: kind, id, slug and titles. Queries: 5."""
    text = normalize(q)
    if not text:
        return []
    found = _titled("category", Category.objects.active(), text)
    found += _titled("brand", Brand.objects.filter(is_active=True), text)
    asked = CardFilters(q=q, ordering="relevance", region_code=region_code)
    page = list_cards(asked, page_size=PRODUCTS, at=at)
    return found + [
        {
            "kind": "product",
            "id": row["product_id"],
            "slug": row["slug"],
            "title_zh": row["title_zh"],
            "title_en": row["title_en"],
        }
        for row in page.rows
    ]


def _titled(kind: str, rows: Any, text: str) -> list[dict[str, Any]]:
    matching = rows.filter(title_zh__icontains=text) | rows.filter(title_en__icontains=text)
    columns = ("id", "slug", "title_zh", "title_en")
    return [{"kind": kind, **row} for row in matching.order_by("pk").values(*columns)[:WORDS]]
