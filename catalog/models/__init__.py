"""What: categories, brands, attributes, products, SKUs, pictures, freight templates, the shelf."""

from catalog.models.approval import ProductApproval, PublishingPolicy
from catalog.models.beside import BoughtTogether, ProductView, RelatedProduct
from catalog.models.bundle import BundlePart
from catalog.models.category import AttributeDefinition, Category
from catalog.models.certificate import ProductCertificate
from catalog.models.complaint import Complaint, ComplaintEntry, ComplaintPaper
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.head import HEAD_WORDS, HeadWords
from catalog.models.import_job import ImportJob, ImportRow
from catalog.models.media import Media, ProductMedia
from catalog.models.price import CompetitorPrice, PriceChange, PriceGuard, PriceHistory
from catalog.models.product import Brand, Product, ProductAttribute
from catalog.models.qualification import Qualification, QualificationKind
from catalog.models.region import RegionSet
from catalog.models.screening import ScreeningPhrase, ScreeningTerm
from catalog.models.search import (
    SearchBan,
    SearchClick,
    SearchGap,
    SearchLog,
    SearchPhrase,
    SearchPolicy,
    SearchWord,
    SynonymProposal,
)
from catalog.models.season import RelatedCategory, SeasonTag
from catalog.models.shelf import Favourite, SearchSynonym, ShelfCard, ShelfMark
from catalog.models.shop import OWN_SHOP_ID, Shop
from catalog.models.sku import OptionValue, ProductOption, Sku
from catalog.models.video import ShortVideo, Video

__all__ = [
    "AttributeDefinition",
    "BoughtTogether",
    "Brand",
    "BundlePart",
    "Category",
    "CompetitorPrice",
    "Complaint",
    "ComplaintEntry",
    "ComplaintPaper",
    "Favourite",
    "FreightRegion",
    "FreightTemplate",
    "HEAD_WORDS",
    "HeadWords",
    "ImportJob",
    "ImportRow",
    "Media",
    "OWN_SHOP_ID",
    "OptionValue",
    "PriceChange",
    "PriceGuard",
    "PriceHistory",
    "Product",
    "ProductApproval",
    "ProductAttribute",
    "ProductCertificate",
    "ProductMedia",
    "ProductOption",
    "ProductView",
    "PublishingPolicy",
    "Qualification",
    "QualificationKind",
    "RegionSet",
    "RelatedCategory",
    "RelatedProduct",
    "ScreeningPhrase",
    "ScreeningTerm",
    "SearchBan",
    "SearchClick",
    "SearchGap",
    "SearchLog",
    "SearchPhrase",
    "SearchPolicy",
    "SearchSynonym",
    "SearchWord",
    "SynonymProposal",
    "SeasonTag",
    "ShelfCard",
    "ShelfMark",
    "Shop",
    "ShortVideo",
    "Sku",
    "Video",
]
