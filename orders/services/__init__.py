"""The front door of orders: every write, explicitly re-exported."""

from orders.pickup_codes import code_of
from orders.providers import Action, Payer
from orders.providers.sandbox.cashier import Fault, Refusal
from orders.services.admitting import admitted
from orders.services.after_sales.compensating import compensate, decide_compensation
from orders.services.after_sales.deciding import (
    approve_after_sale,
    confirm_refund,
    refund_after_sale,
    refuse_after_sale,
)
from orders.services.after_sales.facts import Wish
from orders.services.after_sales.fetching import book_pickups
from orders.services.after_sales.inspecting import inspect_return
from orders.services.after_sales.requesting import (
    MOST_PICTURES,
    PickupWish,
    Request,
    cancel_after_sale,
    preview,
    request_after_sale,
    send_back,
)
from orders.services.after_sales.resending import resend_after_sale
from orders.services.after_sales.timing import expire_after_sales
from orders.services.after_sales.uploading import add_upload
from orders.services.alarming import raise_payment_alarms, save_payment_policy
from orders.services.asking import (
    answer_as_buyer,
    answer_as_shop,
    ask_question,
    hide_words,
    set_faq,
    show_words,
)
from orders.services.auditing_activities import check_goods, goods_findings, paid_pieces
from orders.services.balancing import remind_balances
from orders.services.cancelling import cancel_order, cancel_paid, close_by_shop
from orders.services.carting import (
    MAX_LINES,
    CartChange,
    CartOwner,
    add_line,
    change_line,
    find_cart,
    remove_line,
    select_lines,
)
from orders.services.channeling import save_channel
from orders.services.clearing import remove_invalid
from orders.services.closing import close_order, close_unpaid
from orders.services.collecting import (
    Collect,
    hand_over,
    pickup_store,
    ready_pickup,
    remind_pickups,
)
from orders.services.counting_buyers import count_buyers
from orders.services.covering import raise_transfer, switch_to_presale
from orders.services.dropship.alarming import dropship_policy
from orders.services.dropship.filing import HEADER as FILE_HEADER
from orders.services.dropship.filing import file_of_partner, ship_by_file
from orders.services.dropship.forwarding import forward_due
from orders.services.dropship.keying import ROUTE_KEY, issue_route_key, warehouse_behind
from orders.services.dropship.reporting import Report, Reported, report_sub_order
from orders.services.dropship.steering import (
    save_dropship_policy,
    save_route,
    send_sub_order_again,
)
from orders.services.dropship.watching import watch_sub_orders
from orders.services.dropship.writing import partners, write_missing, write_sub_orders
from orders.services.escrowing import settle_closed
from orders.services.featuring import (
    feature_review,
    like_review,
    reply_review,
    unfeature_review,
    unlike_review,
)
from orders.services.fulfilment.batch_shipping import (
    MOST_BYTES,
    ParcelRow,
    RowResult,
    read_parcels,
    ship_rows,
)
from orders.services.fulfilment.carrying import note_damage
from orders.services.fulfilment.checking import pass_check, reject_check, save_review_policy
from orders.services.fulfilment.exporting import note_export
from orders.services.fulfilment.packing import make_pick_list, mark_packed, save_fulfilment_policy
from orders.services.fulfilment.reminding import remind_payment
from orders.services.fulfilment.review_rules import (
    REVIEW_RULES,
    ReviewReason,
    ReviewRule,
)
from orders.services.fulfilment.sorting_paid import fulfilment_policy
from orders.services.fulfilment.tracking import (
    MAX_PUSH_BYTES,
    accept_push,
    ask_about_parcels,
    record_trace,
    subscribe_parcels,
)
from orders.services.fulfilment.watching import stalled_parcels, watch_orders
from orders.services.giving import (
    donate_for_order,
    open_packet_of_order,
    save_charity_settings,
    take_back_given,
)
from orders.services.grouping import end_group, release_group
from orders.services.hiding import hide_order, unhide_order
from orders.services.invoicing import checked_invoice
from orders.services.lending import free_flash_stock, lock_flash_stock
from orders.services.merging import merge_cart
from orders.services.moderating import (
    hide_addition,
    hide_review,
    save_voices_policy,
    set_pictures_shown,
    show_addition,
    show_review,
)
from orders.services.noticing import MAX_BODY_BYTES, NoticeResult, accept_notice
from orders.services.paying import (
    PaymentStart,
    begin_payment,
    open_payment,
    payment_action,
    start_payment,
    ways_to_pay,
)
from orders.services.placing import Journey, Submission, place_order
from orders.services.planning import plan_presales
from orders.services.playing import (
    cashier_entry,
    cashier_kept_open,
    deliver_late_notices,
    pay_at_cashier,
)
from orders.services.querying import query_payment, query_silent_payments
from orders.services.quoting import EXPLANATIONS, Ask, Quoted, Wanted, quote
from orders.services.readdressing import Destination, change_address
from orders.services.rebuying import Rebuy, Refused, buy_again
from orders.services.receiving import complete_due, complete_order, receive_due, receive_order
from orders.services.reconciling import reconcile_bills, reconcile_day, solve_finding
from orders.services.refunding import retry_refunds, send_again, send_refund
from orders.services.repricing import reprice_order
from orders.services.reviewing import append_review, write_review
from orders.services.risk import assess_payment, block, save_risk_policy, unblock
from orders.services.selecting import selected_lines
from orders.services.shelving import refresh_shelf, shelf_is_paused, shelf_paused
from orders.services.shipping import left_to_ship, ship_order
from orders.services.tasking import assign_task, close_tasks, finish_task, open_task, workers_for
from orders.sources import Touch, clean_source, kind_of, source_of
from orders.tax_numbers import is_tax_no

__all__ = [
    "FILE_HEADER",
    "ROUTE_KEY",
    "Report",
    "Reported",
    "book_pickups",
    "dropship_policy",
    "file_of_partner",
    "forward_due",
    "issue_route_key",
    "partners",
    "report_sub_order",
    "save_dropship_policy",
    "save_route",
    "send_sub_order_again",
    "ship_by_file",
    "warehouse_behind",
    "watch_sub_orders",
    "write_missing",
    "write_sub_orders",
    "raise_payment_alarms",
    "save_payment_policy",
    "unblock",
    "save_risk_policy",
    "block",
    "assess_payment",
    "left_to_ship",
    "switch_to_presale",
    "raise_transfer",
    "stalled_parcels",
    "note_damage",
    "MOST_BYTES",
    "workers_for",
    "note_export",
    "finish_task",
    "assign_task",
    "watch_orders",
    "fulfilment_policy",
    "remind_payment",
    "save_fulfilment_policy",
    "mark_packed",
    "make_pick_list",
    "ship_rows",
    "read_parcels",
    "RowResult",
    "ParcelRow",
    "subscribe_parcels",
    "ask_about_parcels",
    "accept_push",
    "ReviewReason",
    "ReviewRule",
    "REVIEW_RULES",
    "save_review_policy",
    "reject_check",
    "pass_check",
    "MOST_PICTURES",
    "PickupWish",
    "Request",
    "Wish",
    "add_upload",
    "approve_after_sale",
    "cancel_after_sale",
    "compensate",
    "confirm_refund",
    "decide_compensation",
    "expire_after_sales",
    "inspect_return",
    "preview",
    "refund_after_sale",
    "refuse_after_sale",
    "request_after_sale",
    "resend_after_sale",
    "send_back",
    "EXPLANATIONS",
    "MAX_BODY_BYTES",
    "MAX_LINES",
    "MAX_PUSH_BYTES",
    "Action",
    "Ask",
    "CartChange",
    "CartOwner",
    "Destination",
    "Collect",
    "Fault",
    "Journey",
    "NoticeResult",
    "Payer",
    "PaymentStart",
    "Quoted",
    "Rebuy",
    "Refusal",
    "Refused",
    "Submission",
    "Touch",
    "Wanted",
    "accept_notice",
    "add_line",
    "admitted",
    "begin_payment",
    "buy_again",
    "cancel_order",
    "cancel_paid",
    "cashier_entry",
    "cashier_kept_open",
    "change_address",
    "change_line",
    "check_goods",
    "checked_invoice",
    "clean_source",
    "close_by_shop",
    "close_tasks",
    "close_order",
    "close_unpaid",
    "code_of",
    "complete_due",
    "complete_order",
    "deliver_late_notices",
    "donate_for_order",
    "end_group",
    "find_cart",
    "free_flash_stock",
    "goods_findings",
    "hand_over",
    "hide_order",
    "is_tax_no",
    "kind_of",
    "lock_flash_stock",
    "merge_cart",
    "open_packet_of_order",
    "open_payment",
    "open_task",
    "paid_pieces",
    "pay_at_cashier",
    "payment_action",
    "pickup_store",
    "place_order",
    "query_payment",
    "query_silent_payments",
    "quote",
    "plan_presales",
    "ready_pickup",
    "receive_due",
    "remind_balances",
    "receive_order",
    "reconcile_bills",
    "reconcile_day",
    "record_trace",
    "refresh_shelf",
    "release_group",
    "remind_pickups",
    "remove_invalid",
    "remove_line",
    "reprice_order",
    "retry_refunds",
    "save_channel",
    "save_charity_settings",
    "select_lines",
    "selected_lines",
    "send_again",
    "send_refund",
    "settle_closed",
    "shelf_is_paused",
    "shelf_paused",
    "ship_order",
    "answer_as_buyer",
    "answer_as_shop",
    "append_review",
    "ask_question",
    "count_buyers",
    "feature_review",
    "hide_addition",
    "hide_review",
    "hide_words",
    "like_review",
    "reply_review",
    "save_voices_policy",
    "set_faq",
    "set_pictures_shown",
    "show_addition",
    "show_words",
    "unfeature_review",
    "unlike_review",
    "show_review",
    "solve_finding",
    "source_of",
    "start_payment",
    "take_back_given",
    "unhide_order",
    "ways_to_pay",
    "write_review",
]
