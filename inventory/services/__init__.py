"""The front door of inventory: every write, explicitly re-exported. Stock is locked last of all."""

from inventory.services.alerting import raise_alerts
from inventory.services.archiving import PastChange, archive_stock_changes
from inventory.services.counting import count_stock, set_safety_stock, write_off_stock
from inventory.services.housing import save_warehouse
from inventory.services.locking import lock_for_activity, take_from_activity, unlock_activity
from inventory.services.reallocating import reallocate_order
from inventory.services.receiving import receive_delivery, receive_stock
from inventory.services.reserving import reserve_stock
from inventory.services.returning import ReturnedPiece, arrive_return, expect_return, receive_return
from inventory.services.spending import consume_stock, release_stock
from inventory.services.stores import save_store
from inventory.services.suggesting import settle_suggestion, suggest_purchase
from inventory.services.supplying.noting import post_return_freight

__all__ = [
    "PastChange",
    "ReturnedPiece",
    "archive_stock_changes",
    "arrive_return",
    "consume_stock",
    "count_stock",
    "expect_return",
    "lock_for_activity",
    "raise_alerts",
    "reallocate_order",
    "post_return_freight",
    "receive_delivery",
    "receive_return",
    "receive_stock",
    "release_stock",
    "reserve_stock",
    "save_store",
    "save_warehouse",
    "set_safety_stock",
    "settle_suggestion",
    "suggest_purchase",
    "take_from_activity",
    "unlock_activity",
    "write_off_stock",
]
