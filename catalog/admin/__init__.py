"""The operators' screens of catalog."""

from catalog.admin.freight import FreightTemplateAdmin
from catalog.admin.media import MediaAdmin
from catalog.admin.price import (
    CompetitorPriceAdmin,
    PriceChangeAdmin,
    PriceGuardAdmin,
    PriceHistoryAdmin,
)
from catalog.admin.product import ProductAdmin
from catalog.admin.season import RelatedCategoryAdmin, SeasonTagAdmin
from catalog.admin.sku import SkuAdmin
from catalog.admin.tree import BrandAdmin, CategoryAdmin
from catalog.admin.words import SearchSynonymAdmin

__all__ = [
    "BrandAdmin",
    "CategoryAdmin",
    "CompetitorPriceAdmin",
    "FreightTemplateAdmin",
    "MediaAdmin",
    "PriceChangeAdmin",
    "PriceGuardAdmin",
    "PriceHistoryAdmin",
    "ProductAdmin",
    "RelatedCategoryAdmin",
    "SearchSynonymAdmin",
    "SeasonTagAdmin",
    "SkuAdmin",
]
