"""What beat starts and when. Timers are rows; each entry only looks for rows that are due.

A run that could not start expires before the next one, so nothing piles up (reliability.md 2.8).
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("relay the outbox", "kernel.relay_outbox", 60),
        ("send messages", "kernel.send_messages", 30),
        ("forget old keyed answers", "kernel.prune_idempotency", 3600),
        ("forget old task runs", "kernel.forget_task_runs", 3600),
        ("close unpaid orders", "orders.close_unpaid", 30),
        ("ask about silent payments", "orders.query_silent_payments", 30),
        ("receive signed parcels", "orders.receive_due", 600),
        ("complete orders after their window", "orders.complete_due", 600),
        ("look whether payments succeed", "orders.raise_payment_alarms", 300),
        ("settle closed orders", "orders.settle_closed", 600),
        ("retry refunds", "orders.retry_refunds", 60),
        ("close cases without goods", "orders.expire_after_sales", 3600),
        ("watch orders and parcels", "orders.watch_orders", 300),
        ("forward orders to partners", "orders.forward_sub_orders", 60),
        ("subscribe to parcels", "orders.subscribe_parcels", 60),
        ("order couriers for returns", "orders.book_pickups", 120),
        ("ask about silent parcels", "orders.ask_about_parcels", 3600),
        ("compare daily bills", "orders.reconcile_bills", 3600),
        ("plan what presales sold", "orders.plan_presales", 300),
        ("hold goods for presales", "orders.hold_awaited", 60),
        ("remind of pick-ups", "orders.remind_pickups", 300),
        ("remind of balances", "orders.remind_balances", 300),
        ("free the stock of flash sales", "orders.free_flash_stock", 60),
        ("refresh the shelf", "orders.refresh_shelf", 60),
        ("forget carts of guests", "orders.forget_guest_carts", 21_600),
        ("tell of few left and offers begun", "orders.tell_of_wishes", 300),
        ("write prices that came due", "catalog.apply_due_prices", 30),
        ("write down shelf times", "catalog.write_due_shelf_times", 60),
        ("bring goods in", "console.run_imports", 60),
        ("warn of qualifications", "catalog.warn_of_qualifications", 3600),
        ("write down searches", "catalog.write_searches", 60),
        ("keep hot words", "catalog.keep_phrases", 900),
        ("count hot words", "catalog.count_phrases", 21_600),
        ("propose synonyms", "catalog.propose_synonyms", 3600),
        ("forget old views", "catalog.forget_old_views", 21_600),
        ("forget old searches", "catalog.forget_old_searches", 21_600),
        ("sweep words of the shop", "catalog.sweep_words", 21_600),
        ("raise restock alerts", "inventory.send_restock_alerts", 300),
        ("watch the figures of suppliers", "inventory.watch_suppliers", 60),
        ("score suppliers", "inventory.score_suppliers", 3600),
        ("draw statements of suppliers", "inventory.draw_supplier_statements", 3600),
        ("warn of suppliers' documents", "inventory.warn_of_supplier_documents", 3600),
        ("forecast demand", "inventory.forecast_demand", 21_600),
        ("suggest transfers", "inventory.suggest_transfers", 900),
        ("tell who waits for stock", "inventory.tell_watchers", 60),
        ("return red packets", "promotions.return_packets", 60),
        ("remind of flash sales", "promotions.send_reminders", 30),
        ("dispatch coupons", "promotions.run_dispatches", 30),
        ("send messages of plans", "promotions.send_due_phases", 60),
        ("hold rehearsals", "analytics.run_rehearsals", 60),
        ("end groups whose time is over", "promotions.fail_due_teams", 30),
        ("draw coupon codes", "promotions.draw_codes", 30),
        ("forget old deeds", "promotions.forget_old_deeds", 3600),
        ("forget old visits", "promotions.forget_old_visits", 21_600),
        ("prompt care", "analytics.run_prompt_care", 60),
        ("slow care", "analytics.run_slow_care", 3600),
        ("aggregate daily reports", "analytics.aggregate_days", 900),
        ("rank hot goods", "orders.rank_hot_goods", 900),
        ("tell the stages of products", "analytics.stage_products", 21_600),
        ("let points run out", "members.expire_points", 3600),
        ("let growth leave its window", "members.expire_growth", 3600),
        ("forget old sign-in tries", "members.forget_old_tries", 3600),
        ("close silent talks", "members.close_silent_tickets", 3600),
        ("refill segments", "members.refill_segments", 3600),
    )
} | {
    name: {"task": task, "schedule": crontab(hour=4, minute=minute), "options": {"expires": 3600}}
    for name, task, minute in (
        ("pair goods bought together", "orders.pair_goods", 5),
        ("audit every night", "kernel.audit_invariants", 10),
    )
}
