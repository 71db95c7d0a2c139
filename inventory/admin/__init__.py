"""The operators' screens of inventory."""

from inventory.admin.alert import RestockAlertAdmin
from inventory.admin.ledgers import ReservationAdmin, StockMovementAdmin
from inventory.admin.stock import StockItemAdmin
from inventory.admin.store import StoreAdmin
from inventory.admin.suggestion import PurchaseSuggestionAdmin
from inventory.admin.warehouse import WarehouseAdmin

__all__ = [
    "PurchaseSuggestionAdmin",
    "ReservationAdmin",
    "RestockAlertAdmin",
    "StockItemAdmin",
    "StockMovementAdmin",
    "StoreAdmin",
    "WarehouseAdmin",
]
