"""How many, where: warehouses, stock, movements, reservations, restock alerts."""

from inventory.models.agreement import SupplierAgreement
from inventory.models.alert import RestockAlert
from inventory.models.demand import RestockPolicy, StockForecast
from inventory.models.loss import Disposal, StockLoss
from inventory.models.movement import StockMovement
from inventory.models.purchase import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from inventory.models.reservation import Reservation
from inventory.models.return_intake import Grade, ReturnIntake, ReturnIntakeLine
from inventory.models.routing import AllocationLog, PromiseCode, RoutingPolicy
from inventory.models.scorecard import (
    SupplierAlert,
    SupplierFact,
    SupplierPolicy,
    SupplierScorecard,
)
from inventory.models.statement import (
    SupplierCharge,
    SupplierStatement,
    SupplierStatementLine,
)
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
from inventory.models.supplier_stock import SupplierSync
from inventory.models.transfer import Transfer, TransferLine
from inventory.models.warehouse import NextDayCity, Warehouse
from inventory.models.watch import StockWatch

__all__ = [
    "AllocationLog",
    "Disposal",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "Grade",
    "NextDayCity",
    "PromiseCode",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseSuggestion",
    "Reservation",
    "RestockAlert",
    "RestockPolicy",
    "ReturnIntake",
    "ReturnIntakeLine",
    "RoutingPolicy",
    "StockForecast",
    "StockItem",
    "StockLoss",
    "StockMovement",
    "StockWatch",
    "Stocktake",
    "StocktakeLine",
    "Store",
    "Supplier",
    "SupplierAgreement",
    "SupplierAlert",
    "SupplierCharge",
    "SupplierContact",
    "SupplierDocument",
    "SupplierFact",
    "SupplierKey",
    "SupplierPolicy",
    "SupplierScorecard",
    "SupplierSku",
    "SupplierStatement",
    "SupplierStatementLine",
    "SupplierSync",
    "Transfer",
    "TransferLine",
    "Warehouse",
]
