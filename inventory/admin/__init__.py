"""The operators' screens of inventory."""

from inventory.admin.alert import RestockAlertAdmin
from inventory.admin.ledgers import ReservationAdmin, StockMovementAdmin
from inventory.admin.papers import DisposalAdmin, StocktakeAdmin, TransferAdmin
from inventory.admin.purchase import PurchaseOrderAdmin
from inventory.admin.restocking import (
    RestockPolicyAdmin,
    ReturnIntakeAdmin,
    StockLossAdmin,
    StockWatchAdmin,
)
from inventory.admin.routing import AllocationLogAdmin, RoutingPolicyAdmin
from inventory.admin.statement import SupplierChargeAdmin, SupplierStatementAdmin
from inventory.admin.stock import StockItemAdmin
from inventory.admin.store import StoreAdmin
from inventory.admin.suggestion import PurchaseSuggestionAdmin
from inventory.admin.supplier import (
    SupplierAdmin,
    SupplierAgreementAdmin,
    SupplierDocumentAdmin,
    SupplierKeyAdmin,
    SupplierSkuAdmin,
)
from inventory.admin.supplier_figures import (
    SupplierAlertAdmin,
    SupplierFactAdmin,
    SupplierPolicyAdmin,
    SupplierScorecardAdmin,
    SupplierSyncAdmin,
)
from inventory.admin.warehouse import WarehouseAdmin

__all__ = [
    "AllocationLogAdmin",
    "DisposalAdmin",
    "PurchaseOrderAdmin",
    "PurchaseSuggestionAdmin",
    "ReservationAdmin",
    "RestockAlertAdmin",
    "RestockPolicyAdmin",
    "ReturnIntakeAdmin",
    "RoutingPolicyAdmin",
    "StockItemAdmin",
    "StockLossAdmin",
    "StockMovementAdmin",
    "StockWatchAdmin",
    "StocktakeAdmin",
    "StoreAdmin",
    "SupplierAdmin",
    "SupplierAgreementAdmin",
    "SupplierAlertAdmin",
    "SupplierChargeAdmin",
    "SupplierDocumentAdmin",
    "SupplierFactAdmin",
    "SupplierKeyAdmin",
    "SupplierPolicyAdmin",
    "SupplierScorecardAdmin",
    "SupplierSkuAdmin",
    "SupplierStatementAdmin",
    "SupplierSyncAdmin",
    "TransferAdmin",
    "WarehouseAdmin",
]
