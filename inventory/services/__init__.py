"""The front door of inventory: every write, explicitly re-exported. Stock is locked last of all."""

from inventory.services.alerting import raise_alerts
from inventory.services.archiving import PastChange, archive_stock_changes
from inventory.services.balancing import suggest_transfers
from inventory.services.counting import count_stock, set_safety_stock, write_off_stock
from inventory.services.disposing import (
    approve_disposal,
    propose_disposal,
    refuse_disposal,
    set_defective,
)
from inventory.services.forecasting import forecast_demand, mark_hit
from inventory.services.housing import save_warehouse
from inventory.services.locking import lock_for_activity, take_from_activity, unlock_activity
from inventory.services.reallocating import reallocate_order
from inventory.services.receiving import receive_delivery, receive_stock
from inventory.services.reserving import reserve_stock
from inventory.services.returning import ReturnedPiece, arrive_return, expect_return, receive_return
from inventory.services.spending import consume_stock, release_stock
from inventory.services.stocktaking import (
    adjust_stock,
    approve_stocktake,
    enter_counts,
    open_stocktake,
    refuse_stocktake,
    submit_stocktake,
)
from inventory.services.stores import save_store
from inventory.services.suggesting import settle_suggestion, suggest_purchase
from inventory.services.supplying.noting import post_return_freight
from inventory.services.transferring import (
    cancel_transfer,
    draft_transfer,
    finish_transfer,
    receive_transfer,
    send_transfer,
)
from inventory.services.watching import tell_watchers, unwatch_sku, watch_sku

__all__ = [
    "PastChange",
    "ReturnedPiece",
    "adjust_stock",
    "approve_disposal",
    "approve_stocktake",
    "archive_stock_changes",
    "arrive_return",
    "cancel_transfer",
    "consume_stock",
    "count_stock",
    "draft_transfer",
    "enter_counts",
    "expect_return",
    "finish_transfer",
    "forecast_demand",
    "lock_for_activity",
    "mark_hit",
    "open_stocktake",
    "propose_disposal",
    "raise_alerts",
    "reallocate_order",
    "post_return_freight",
    "receive_delivery",
    "receive_return",
    "receive_stock",
    "receive_transfer",
    "refuse_disposal",
    "refuse_stocktake",
    "release_stock",
    "reserve_stock",
    "save_store",
    "save_warehouse",
    "send_transfer",
    "set_defective",
    "set_safety_stock",
    "settle_suggestion",
    "submit_stocktake",
    "suggest_purchase",
    "suggest_transfers",
    "take_from_activity",
    "tell_watchers",
    "unlock_activity",
    "unwatch_sku",
    "watch_sku",
    "write_off_stock",
]
