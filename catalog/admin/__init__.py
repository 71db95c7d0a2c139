"""The operators' screens of catalog."""

from catalog.admin.approval import ProductApprovalAdmin, PublishingPolicyAdmin
from catalog.admin.freight import FreightTemplateAdmin
from catalog.admin.media import MediaAdmin
from catalog.admin.price import (
    CompetitorPriceAdmin,
    PriceChangeAdmin,
    PriceGuardAdmin,
    PriceHistoryAdmin,
)
from catalog.admin.product import ProductAdmin
from catalog.admin.qualification import QualificationAdmin, QualificationKindAdmin
from catalog.admin.region import RegionSetAdmin
from catalog.admin.screening import ScreeningPhraseAdmin, ScreeningTermAdmin
from catalog.admin.season import RelatedCategoryAdmin, SeasonTagAdmin
from catalog.admin.shop import ShopAdmin
from catalog.admin.sku import SkuAdmin
from catalog.admin.tree import BrandAdmin, CategoryAdmin
from catalog.admin.words import SearchSynonymAdmin

__all__ = [
    "ProductApprovalAdmin",
    "PublishingPolicyAdmin",
    "QualificationAdmin",
    "QualificationKindAdmin",
    "ScreeningPhraseAdmin",
    "ScreeningTermAdmin",
    "BrandAdmin",
    "CategoryAdmin",
    "CompetitorPriceAdmin",
    "FreightTemplateAdmin",
    "MediaAdmin",
    "PriceChangeAdmin",
    "PriceGuardAdmin",
    "PriceHistoryAdmin",
    "ProductAdmin",
    "RegionSetAdmin",
    "RelatedCategoryAdmin",
    "SearchSynonymAdmin",
    "SeasonTagAdmin",
    "ShopAdmin",
    "SkuAdmin",
]
