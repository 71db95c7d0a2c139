"""How many, where: warehouses, stock, movements, reservations, restock alerts."""

from inventory.models.alert import RestockAlert
from inventory.models.demand import RestockPolicy, StockForecast
from inventory.models.loss import Disposal, StockLoss
from inventory.models.movement import StockMovement
from inventory.models.reservation import Reservation
from inventory.models.return_intake import Grade, ReturnIntake, ReturnIntakeLine
from inventory.models.routing import AllocationLog, PromiseCode, RoutingPolicy
from inventory.models.stock import StockItem
from inventory.models.stocktake import Stocktake, StocktakeLine
from inventory.models.store import Store
from inventory.models.suggestion import PurchaseSuggestion
from inventory.models.supplier import (
    Supplier,
    SupplierContact,
    SupplierDocument,
    SupplierKey,
    SupplierSku,
)
from inventory.models.transfer import Transfer, TransferLine
from inventory.models.warehouse import NextDayCity, Warehouse
from inventory.models.watch import StockWatch

__all__ = [
    "AllocationLog",
    "NextDayCity",
    "PromiseCode",
    "Disposal",
    "Grade",
    "PurchaseSuggestion",
    "Reservation",
    "RestockAlert",
    "RestockPolicy",
    "ReturnIntake",
    "ReturnIntakeLine",
    "StockForecast",
    "RoutingPolicy",
    "StockItem",
    "StockLoss",
    "StockMovement",
    "StockWatch",
    "Stocktake",
    "StocktakeLine",
    "Store",
    "Supplier",
    "SupplierContact",
    "SupplierDocument",
    "SupplierKey",
    "SupplierSku",
    "Transfer",
    "TransferLine",
    "Warehouse",
]
