"""What a list can be narrowed by."""

from collections.abc import Collection, Mapping
from typing import Any

from catalog.models import Brand, Category, Product
from catalog.selectors.tree import Branch


def brands_in(category: Category | Branch | None) -> list[Mapping[str, Any]]:
    """Brands with something on sale in a category and below it, by name. Queries: 1."""
    products = Product.objects.on_sale().filter(brand__isnull=False)
    if category is not None:
        products = products.filter(category__path_ids__contains=[category.pk])
    rows = Brand.objects.filter(is_active=True, pk__in=products.values("brand"))
    return list(rows.order_by("title_zh", "pk").values("id", "slug", "title_zh", "title_en"))


def brands_of(ids: Collection[int]) -> list[Mapping[str, Any]]:
    """These brands, by name. Queries: 1."""
    rows = Brand.objects.filter(is_active=True, pk__in=ids)
    return list(rows.order_by("title_zh", "pk").values("id", "slug", "title_zh", "title_en"))
