"""The operators' screens of inventory."""

from inventory.admin.alert import RestockAlertAdmin
from inventory.admin.ledgers import ReservationAdmin, StockMovementAdmin
from inventory.admin.papers import DisposalAdmin, StocktakeAdmin, TransferAdmin
from inventory.admin.restocking import (
    RestockPolicyAdmin,
    ReturnIntakeAdmin,
    StockLossAdmin,
    StockWatchAdmin,
)
from inventory.admin.stock import StockItemAdmin
from inventory.admin.store import StoreAdmin
from inventory.admin.suggestion import PurchaseSuggestionAdmin
from inventory.admin.warehouse import WarehouseAdmin

__all__ = [
    "DisposalAdmin",
    "PurchaseSuggestionAdmin",
    "ReservationAdmin",
    "RestockAlertAdmin",
    "RestockPolicyAdmin",
    "ReturnIntakeAdmin",
    "StockItemAdmin",
    "StockLossAdmin",
    "StockMovementAdmin",
    "StockWatchAdmin",
    "StocktakeAdmin",
    "StoreAdmin",
    "TransferAdmin",
    "WarehouseAdmin",
]
