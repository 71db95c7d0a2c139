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
from inventory.services.purchasing.drafting import change_purchase, draft_purchase, order_suggested
from inventory.services.purchasing.moving import (
    approve_purchase,
    cancel_purchase,
    close_purchase,
    send_purchase,
)
from inventory.services.purchasing.taking_in import Delivered, receive_purchase
from inventory.services.reallocating import reallocate_order, reserve_elsewhere
from inventory.services.receiving import receive_delivery, receive_stock
from inventory.services.reserving import reserve_stock
from inventory.services.returning import (
    ReturnedPiece,
    arrive_return,
    call_off_return,
    expect_return,
    receive_return,
)
from inventory.services.ruling import save_routing_policy, set_next_day_cities
from inventory.services.spending import consume_stock, release_stock
from inventory.services.stocktaking import (
    adjust_stock,
    approve_stocktake,
    drop_stocktake,
    enter_counts,
    open_stocktake,
    refuse_stocktake,
    submit_stocktake,
)
from inventory.services.stores import save_store
from inventory.services.suggesting import settle_suggestion, suggest_purchase
from inventory.services.supplying.filing import (
    drop_supplier_contact,
    file_of,
    move_supplier,
    save_agreement,
    save_supplier,
    save_supplier_contact,
    save_supplier_document,
    save_supplier_goods,
    save_supplier_policy,
)
from inventory.services.supplying.grading import grade_suppliers
from inventory.services.supplying.keying import (
    SignedMessage,
    end_supplier_key,
    is_signed_with,
    issue_supplier_key,
    signature_of,
    supplier_behind,
)
from inventory.services.supplying.noting import (
    post_dropship_goods,
    post_goods_given_back,
    post_quality_refund,
    post_return_freight,
    post_supplier_charge,
    record_answer,
    record_shipping,
    record_supplier_fact,
)
from inventory.services.supplying.reading import MOST_ROWS, StockRow, read_stock_file
from inventory.services.supplying.settling import (
    confirm_statement,
    draw_statement,
    draw_statements,
    pay_statement,
)
from inventory.services.supplying.syncing import (
    refresh_supplier_shelf,
    sync_supplier_stock,
    watch_supplier_stock,
)
from inventory.services.supplying.warning import warn_of_supplier_documents
from inventory.services.transferring import (
    cancel_transfer,
    draft_transfer,
    finish_transfer,
    receive_transfer,
    send_transfer,
)
from inventory.services.tuning import set_restock_policy
from inventory.services.watching import tell_watchers, unwatch_sku, watch_sku

__all__ = [
    "MOST_ROWS",
    "Delivered",
    "PastChange",
    "ReturnedPiece",
    "SignedMessage",
    "StockRow",
    "adjust_stock",
    "approve_disposal",
    "approve_purchase",
    "approve_stocktake",
    "archive_stock_changes",
    "arrive_return",
    "call_off_return",
    "cancel_purchase",
    "cancel_transfer",
    "change_purchase",
    "close_purchase",
    "confirm_statement",
    "consume_stock",
    "count_stock",
    "draft_purchase",
    "draft_transfer",
    "draw_statement",
    "draw_statements",
    "drop_stocktake",
    "drop_supplier_contact",
    "end_supplier_key",
    "enter_counts",
    "expect_return",
    "file_of",
    "finish_transfer",
    "forecast_demand",
    "grade_suppliers",
    "issue_supplier_key",
    "lock_for_activity",
    "mark_hit",
    "move_supplier",
    "open_stocktake",
    "order_suggested",
    "pay_statement",
    "post_dropship_goods",
    "post_goods_given_back",
    "post_quality_refund",
    "post_return_freight",
    "post_supplier_charge",
    "propose_disposal",
    "raise_alerts",
    "read_stock_file",
    "reallocate_order",
    "receive_delivery",
    "receive_purchase",
    "receive_return",
    "receive_stock",
    "receive_transfer",
    "record_answer",
    "record_shipping",
    "record_supplier_fact",
    "refresh_supplier_shelf",
    "refuse_disposal",
    "refuse_stocktake",
    "release_stock",
    "reserve_elsewhere",
    "reserve_stock",
    "save_agreement",
    "save_store",
    "save_supplier",
    "save_supplier_contact",
    "save_supplier_document",
    "save_supplier_goods",
    "save_supplier_policy",
    "save_routing_policy",
    "save_warehouse",
    "send_purchase",
    "send_transfer",
    "set_defective",
    "set_restock_policy",
    "set_next_day_cities",
    "set_safety_stock",
    "settle_suggestion",
    "is_signed_with",
    "signature_of",
    "submit_stocktake",
    "suggest_purchase",
    "suggest_transfers",
    "supplier_behind",
    "sync_supplier_stock",
    "take_from_activity",
    "tell_watchers",
    "unlock_activity",
    "unwatch_sku",
    "warn_of_supplier_documents",
    "watch_sku",
    "watch_supplier_stock",
    "write_off_stock",
]
