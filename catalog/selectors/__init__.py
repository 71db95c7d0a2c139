"""The front door of catalog: every read, explicitly re-exported."""

from catalog.selectors.pricing_facts import (
    SkuFacts,
    freight_templates,
    sku_ids_by_product,
    skus_for_pricing,
)
from catalog.selectors.tree import (
    Branch,
    brand_by_slug,
    brands,
    breadcrumbs,
    category_by_slug,
    category_tree,
    searchable_attributes,
)

__all__ = [
    "Branch",
    "SkuFacts",
    "brand_by_slug",
    "brands",
    "breadcrumbs",
    "category_by_slug",
    "category_tree",
    "freight_templates",
    "searchable_attributes",
    "sku_ids_by_product",
    "skus_for_pricing",
]
