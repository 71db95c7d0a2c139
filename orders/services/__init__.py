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
from orders.services.awaiting import goods_arrived, hold_awaited
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
from orders.services.clearing_guests import forget_guest_carts
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
from orders.services.dropship.answering import note_supplier_answer
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
from orders.services.fulfilment.missing import holding_houses, report_missing
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
from orders.services.invoicing import ask_invoice, change_invoice, checked_invoice
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
from orders.services.pairing import pair_goods
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
    deliver_late_notices,
    pay_at_cashier,
)
from orders.services.querying import query_payment, query_silent_payments
from orders.services.quoting import EXPLANATIONS, Ask, Quoted, Wanted, quote
from orders.services.ranking import rank_hot_goods
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
from orders.services.warranting import (
    give_warranties,
    remove_warranty_rule,
    save_warranty_rule,
)
from orders.services.wish_alerts import tell_of_few_left, tell_of_offers
from orders.sources import Touch, clean_source, kind_of, source_of
from orders.tax_numbers import is_tax_no

__all__ = [
    "Action",
    "Ask",
    "CartChange",
    "CartOwner",
    "Collect",
    "Destination",
    "EXPLANATIONS",
    "FILE_HEADER",
    "Fault",
    "Journey",
    "MAX_BODY_BYTES",
    "MAX_LINES",
    "MAX_PUSH_BYTES",
    "MOST_BYTES",
    "MOST_PICTURES",
    "NoticeResult",
    "ParcelRow",
    "Payer",
    "PaymentStart",
    "PickupWish",
    "Quoted",
    "REVIEW_RULES",
    "ROUTE_KEY",
    "Rebuy",
    "Refusal",
    "Refused",
    "Report",
    "Reported",
    "Request",
    "ReviewReason",
    "ReviewRule",
    "RowResult",
    "Submission",
    "Touch",
    "Wanted",
    "Wish",
    "accept_notice",
    "accept_push",
    "add_line",
    "add_upload",
    "admitted",
    "answer_as_buyer",
    "answer_as_shop",
    "append_review",
    "approve_after_sale",
    "ask_about_parcels",
    "ask_invoice",
    "ask_question",
    "assess_payment",
    "assign_task",
    "begin_payment",
    "block",
    "book_pickups",
    "buy_again",
    "cancel_after_sale",
    "cancel_order",
    "cancel_paid",
    "cashier_entry",
    "change_address",
    "change_invoice",
    "change_line",
    "check_goods",
    "checked_invoice",
    "clean_source",
    "close_by_shop",
    "close_order",
    "close_tasks",
    "close_unpaid",
    "code_of",
    "compensate",
    "complete_due",
    "complete_order",
    "confirm_refund",
    "count_buyers",
    "decide_compensation",
    "deliver_late_notices",
    "donate_for_order",
    "dropship_policy",
    "end_group",
    "expire_after_sales",
    "feature_review",
    "file_of_partner",
    "find_cart",
    "finish_task",
    "forget_guest_carts",
    "forward_due",
    "free_flash_stock",
    "fulfilment_policy",
    "give_warranties",
    "goods_arrived",
    "goods_findings",
    "hand_over",
    "hide_addition",
    "hide_order",
    "hide_review",
    "hide_words",
    "hold_awaited",
    "holding_houses",
    "inspect_return",
    "is_tax_no",
    "issue_route_key",
    "kind_of",
    "left_to_ship",
    "like_review",
    "lock_flash_stock",
    "make_pick_list",
    "mark_packed",
    "merge_cart",
    "note_damage",
    "note_export",
    "note_supplier_answer",
    "open_packet_of_order",
    "open_payment",
    "open_task",
    "paid_pieces",
    "pair_goods",
    "partners",
    "pass_check",
    "pay_at_cashier",
    "payment_action",
    "pickup_store",
    "place_order",
    "plan_presales",
    "preview",
    "query_payment",
    "query_silent_payments",
    "quote",
    "raise_payment_alarms",
    "raise_transfer",
    "rank_hot_goods",
    "read_parcels",
    "ready_pickup",
    "receive_due",
    "receive_order",
    "reconcile_bills",
    "reconcile_day",
    "record_trace",
    "refresh_shelf",
    "refund_after_sale",
    "refuse_after_sale",
    "reject_check",
    "release_group",
    "remind_balances",
    "remind_payment",
    "remind_pickups",
    "remove_invalid",
    "remove_line",
    "remove_warranty_rule",
    "reply_review",
    "report_missing",
    "report_sub_order",
    "reprice_order",
    "request_after_sale",
    "resend_after_sale",
    "retry_refunds",
    "save_channel",
    "save_charity_settings",
    "save_dropship_policy",
    "save_fulfilment_policy",
    "save_payment_policy",
    "save_review_policy",
    "save_risk_policy",
    "save_route",
    "save_voices_policy",
    "save_warranty_rule",
    "select_lines",
    "selected_lines",
    "send_again",
    "send_back",
    "send_refund",
    "send_sub_order_again",
    "set_faq",
    "set_pictures_shown",
    "settle_closed",
    "shelf_is_paused",
    "shelf_paused",
    "ship_by_file",
    "ship_order",
    "ship_rows",
    "show_addition",
    "show_review",
    "show_words",
    "solve_finding",
    "source_of",
    "stalled_parcels",
    "start_payment",
    "subscribe_parcels",
    "switch_to_presale",
    "take_back_given",
    "tell_of_few_left",
    "tell_of_offers",
    "unblock",
    "unfeature_review",
    "unhide_order",
    "unlike_review",
    "warehouse_behind",
    "watch_orders",
    "watch_sub_orders",
    "ways_to_pay",
    "workers_for",
    "write_missing",
    "write_review",
    "write_sub_orders",
]
