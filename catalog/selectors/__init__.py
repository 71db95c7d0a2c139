"""The front door of catalog: every read, explicitly re-exported."""

from catalog.editions import edition_badge
from catalog.paging import Page, read_page_size
from catalog.selectors.buckets import Bucket
from catalog.selectors.bundles import (
    PartFacts,
    are_buyable,
    bundle_parts,
    bundles_with,
    kit_of,
    products_inside,
    unsold_parts,
    whole_spans,
)
from catalog.selectors.cards import cards_of, list_cards
from catalog.selectors.edges import shelf_edge
from catalog.selectors.exporting import (
    GoodsQuery,
    category_choices,
    export_axes,
    export_goods,
)
from catalog.selectors.facets import (
    AttributeFacet,
    Choice,
    Facets,
    brands_in,
    brands_of,
    facets,
    match_count,
)
from catalog.selectors.films import film_feed, film_row, short_videos
from catalog.selectors.filters import ORDERINGS, CardFilters, read_filters, read_region
from catalog.selectors.freight import templates_without
from catalog.selectors.kept import favourites_of, in_the_shop, is_favourite, views_of
from catalog.selectors.mapping import mapped_blocks, mapped_products
from catalog.selectors.pictures import stored_picture
from catalog.selectors.prices import (
    PlannedPrice,
    Tag,
    competition,
    lowest_price_30d,
    planned_prices,
    price_guard,
    price_steps,
    prices_at,
)
from catalog.selectors.pricing_facts import (
    ShelfGoods,
    ShopFacts,
    SkuFacts,
    freight_templates,
    shelf_goods,
    skus_for_pricing,
)
from catalog.selectors.product import ProductPage, check_on_sale, favourite_ids, product_page
from catalog.selectors.recommending import picked_cards
from catalog.selectors.regions import region_sets_with, unsold_in
from catalog.selectors.shelves import (
    BESTSELLERS,
    CHOSEN,
    NEWEST,
    REDUCED,
    SEASONAL,
    cards_beside,
    home_cards,
    related_cards,
    related_of_rows,
    related_rows,
)
from catalog.selectors.suggesting import hot_phrases, near_phrases, suggestions
from catalog.selectors.tastes import Taste, accounts_liking, tastes_of
from catalog.selectors.tree import (
    Branch,
    branch_path,
    brand_by_slug,
    brands,
    breadcrumbs,
    category_by_slug,
    category_tree,
    searchable_attributes,
)

__all__ = [
    "BESTSELLERS",
    "CHOSEN",
    "NEWEST",
    "ORDERINGS",
    "PartFacts",
    "REDUCED",
    "SEASONAL",
    "AttributeFacet",
    "Branch",
    "Bucket",
    "CardFilters",
    "Choice",
    "Facets",
    "GoodsQuery",
    "Page",
    "PlannedPrice",
    "ProductPage",
    "ShelfGoods",
    "ShopFacts",
    "SkuFacts",
    "Tag",
    "Taste",
    "accounts_liking",
    "are_buyable",
    "branch_path",
    "brand_by_slug",
    "brands",
    "brands_in",
    "brands_of",
    "breadcrumbs",
    "bundle_parts",
    "bundles_with",
    "cards_beside",
    "cards_of",
    "category_by_slug",
    "category_choices",
    "category_tree",
    "check_on_sale",
    "competition",
    "edition_badge",
    "export_axes",
    "export_goods",
    "facets",
    "favourite_ids",
    "favourites_of",
    "film_feed",
    "film_row",
    "freight_templates",
    "home_cards",
    "hot_phrases",
    "in_the_shop",
    "is_favourite",
    "kit_of",
    "list_cards",
    "match_count",
    "lowest_price_30d",
    "mapped_blocks",
    "mapped_products",
    "near_phrases",
    "picked_cards",
    "planned_prices",
    "price_guard",
    "price_steps",
    "prices_at",
    "product_page",
    "products_inside",
    "read_filters",
    "read_page_size",
    "read_region",
    "region_sets_with",
    "related_cards",
    "related_of_rows",
    "related_rows",
    "searchable_attributes",
    "shelf_edge",
    "shelf_goods",
    "short_videos",
    "skus_for_pricing",
    "stored_picture",
    "suggestions",
    "tastes_of",
    "templates_without",
    "unsold_in",
    "unsold_parts",
    "views_of",
    "whole_spans",
]
