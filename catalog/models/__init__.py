"""What: categories, brands, attributes, products, SKUs, pictures, freight templates, the shelf."""

from catalog.models.approval import ProductApproval, PublishingPolicy
from catalog.models.category import AttributeDefinition, Category
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.media import Media, ProductMedia
from catalog.models.price import CompetitorPrice, PriceChange, PriceGuard, PriceHistory
from catalog.models.product import Brand, Product, ProductAttribute
from catalog.models.qualification import Qualification, QualificationKind
from catalog.models.region import RegionSet
from catalog.models.screening import ScreeningPhrase, ScreeningTerm
from catalog.models.search import SearchWord
from catalog.models.season import RelatedCategory, SeasonTag
from catalog.models.shelf import Favourite, SearchSynonym, ShelfCard, ShelfMark
from catalog.models.shop import OWN_SHOP_ID, Shop
from catalog.models.sku import OptionValue, ProductOption, Sku

__all__ = [
    "AttributeDefinition",
    "Brand",
    "Category",
    "CompetitorPrice",
    "Favourite",
    "FreightRegion",
    "FreightTemplate",
    "Media",
    "OWN_SHOP_ID",
    "OptionValue",
    "PriceChange",
    "PriceGuard",
    "PriceHistory",
    "Product",
    "ProductApproval",
    "ProductAttribute",
    "ProductMedia",
    "ProductOption",
    "PublishingPolicy",
    "Qualification",
    "QualificationKind",
    "RegionSet",
    "RelatedCategory",
    "ScreeningPhrase",
    "ScreeningTerm",
    "SearchSynonym",
    "SearchWord",
    "SeasonTag",
    "ShelfCard",
    "ShelfMark",
    "Shop",
    "Sku",
]
