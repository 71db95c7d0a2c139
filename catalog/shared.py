"""What a shared page shows of the catalogue, by tags (docs/caching.md)."""

from collections.abc import Iterable

from mall.kernel.caching import depends_on

SHELF = "shelf"
"""Everything on it: pages on which any product may turn up."""


def product_tag(product_id: int) -> str:
    """What a change of one product makes old."""
    return f"product:{product_id}"


def favourites_tag(product_id: int) -> str:
    """What somebody who keeps a product in mind, or lets it go, makes old: the page that counts
    them, no list."""
    return f"favourites:{product_id}"


def category_tag(category_id: int) -> str:
    """What a change below one category makes old."""
    return f"category:{category_id}"


def shows_products(product_ids: Iterable[int]) -> None:
    """Say that these products are being shown."""
    depends_on(*map(product_tag, product_ids))


def counts_favourites(product_id: int) -> None:
    """Say that it is being shown how many keep this product in mind."""
    depends_on(favourites_tag(product_id))


def shows_shelf(category_id: int | None = None) -> None:
    """Say that any product may turn up, or any of one category."""
    depends_on(SHELF if category_id is None else category_tag(category_id))
