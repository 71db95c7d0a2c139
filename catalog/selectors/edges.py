"""When the shelf changes by the clock alone. Source: docs/caching.md."""

from datetime import datetime

from catalog.models import Product, ShelfCard
from mall.kernel.caching import first_edge


def shelf_edge(at: datetime) -> datetime | None:
    """The first instant after ``at`` at which a price window or a shelf time ends.

    Queries: 1, which reads the shelf through (docs/performance.md, Statements).
    """
    cards, products = ShelfCard.objects.all(), Product.objects.all()
    return first_edge(
        at,
        (cards, "valid_until"),
        (cards, "valid_from"),
        (products, "on_shelf_at"),
        (products, "off_shelf_at"),
    )
