"""How many, where: warehouses, stock, movements, reservations, restock alerts."""

from inventory.models.alert import RestockAlert
from inventory.models.movement import StockMovement
from inventory.models.reservation import Reservation
from inventory.models.stock import StockItem
from inventory.models.store import Store
from inventory.models.suggestion import PurchaseSuggestion
from inventory.models.supplier import (
    Supplier,
    SupplierContact,
    SupplierDocument,
    SupplierKey,
    SupplierSku,
)
from inventory.models.warehouse import Warehouse

__all__ = [
    "PurchaseSuggestion",
    "Reservation",
    "RestockAlert",
    "StockItem",
    "StockMovement",
    "Store",
    "Supplier",
    "SupplierContact",
    "SupplierDocument",
    "SupplierKey",
    "SupplierSku",
    "Warehouse",
]
