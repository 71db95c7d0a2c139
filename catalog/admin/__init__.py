"""The operators' screens of catalog."""

from catalog.admin.approval import ProductApprovalAdmin, PublishingPolicyAdmin
from catalog.admin.beside import RelatedProductAdmin
from catalog.admin.complaint import ComplaintAdmin
from catalog.admin.film import ProductCertificateAdmin, ShortVideoAdmin, VideoAdmin
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
from catalog.admin.search_report import (
    SearchClickAdmin,
    SearchGapAdmin,
    SearchLogAdmin,
    SynonymProposalAdmin,
)
from catalog.admin.season import RelatedCategoryAdmin, SeasonTagAdmin
from catalog.admin.shop import ShopAdmin
from catalog.admin.sku import SkuAdmin
from catalog.admin.tree import BrandAdmin, CategoryAdmin
from catalog.admin.words import (
    SearchBanAdmin,
    SearchPolicyAdmin,
    SearchSynonymAdmin,
    SearchWordAdmin,
)

__all__ = [
    "RelatedProductAdmin",
    "ComplaintAdmin",
    "ProductCertificateAdmin",
    "ShortVideoAdmin",
    "VideoAdmin",
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
    "SearchBanAdmin",
    "SearchClickAdmin",
    "SearchGapAdmin",
    "SearchLogAdmin",
    "SearchPolicyAdmin",
    "SearchSynonymAdmin",
    "SearchWordAdmin",
    "SynonymProposalAdmin",
    "SeasonTagAdmin",
    "ShopAdmin",
    "SkuAdmin",
]
