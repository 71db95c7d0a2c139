"""The front door of inventory: every read, explicitly re-exported."""

from inventory.nearness import metres_between, point_of
from inventory.routing import Point, Promise
from inventory.selectors.board import BoardCounts, board_counts, board_rows, never_stocked
from inventory.selectors.bundles import in_places
from inventory.selectors.lying import LossRate, Lying, loss_rates, lying_goods
from inventory.selectors.routing import (
    Outlook,
    allocations_of,
    coverage,
    last_attempt,
    outlook,
    promised,
)
from inventory.selectors.sourcing import (
    SupplierTerms,
    agreement_of,
    best_offers,
    supplier_policy,
    terms_of,
)
from inventory.selectors.stock import (
    FEW_PIECES,
    StockBadge,
    available_pieces,
    buyer_ids,
    holding_activities,
    open_alerts,
    scarce_products,
    stock_badges,
)
from inventory.selectors.stores import (
    NearStore,
    pickup_stores,
    spot,
    store_coded,
    store_pieces,
    stores_near,
    stores_of_staff,
)
from inventory.selectors.supply import supply_terms
from inventory.selectors.watches import is_watching, watches_of

__all__ = [
    "BoardCounts",
    "FEW_PIECES",
    "LossRate",
    "Lying",
    "NearStore",
    "Outlook",
    "Point",
    "Promise",
    "StockBadge",
    "SupplierTerms",
    "agreement_of",
    "allocations_of",
    "available_pieces",
    "best_offers",
    "board_counts",
    "board_rows",
    "buyer_ids",
    "coverage",
    "holding_activities",
    "in_places",
    "is_watching",
    "last_attempt",
    "loss_rates",
    "lying_goods",
    "metres_between",
    "never_stocked",
    "open_alerts",
    "outlook",
    "pickup_stores",
    "point_of",
    "promised",
    "spot",
    "scarce_products",
    "stock_badges",
    "store_coded",
    "store_pieces",
    "stores_near",
    "stores_of_staff",
    "supplier_policy",
    "supply_terms",
    "terms_of",
    "watches_of",
]
