"""The timers of the mall: what beat runs, when it last ran, how it ended; run one now (X-34)."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock, monitor
from mall.kernel.admin import run_verb
from mall.kernel.monitor.models import TaskRun

SEE = "kernel.view_taskrun"
RUN = "kernel.run_task"

TITLES: dict[str, str | Promise] = {
    "console.run_imports": gettext_lazy("Bring goods of files in"),
    "catalog.forget_old_views": gettext_lazy("Forget what was looked at long ago"),
    "kernel.relay_outbox": gettext_lazy("Deliver events"),
    "kernel.send_messages": gettext_lazy("Send messages"),
    "kernel.prune_idempotency": gettext_lazy("Forget old answers to repeated requests"),
    "kernel.forget_task_runs": gettext_lazy("Forget old task runs"),
    "kernel.audit_invariants": gettext_lazy("Check the books"),
    "orders.close_unpaid": gettext_lazy("Close unpaid orders"),
    "orders.query_silent_payments": gettext_lazy("Ask about silent payments"),
    "orders.receive_due": gettext_lazy("Receive orders whose time is up"),
    "orders.complete_due": gettext_lazy("Complete orders after their window"),
    "orders.raise_payment_alarms": gettext_lazy("Look whether payments succeed"),
    "orders.settle_closed": gettext_lazy("Settle the money of closed orders"),
    "orders.retry_refunds": gettext_lazy("Send refunds"),
    "orders.expire_after_sales": gettext_lazy("Close cases whose goods did not come back"),
    "orders.watch_orders": gettext_lazy("Make tasks of what is late or stalled"),
    "orders.forward_sub_orders": gettext_lazy("Forward orders to shipping partners"),
    "orders.subscribe_parcels": gettext_lazy("Subscribe to parcels on their way"),
    "orders.book_pickups": gettext_lazy("Order couriers for goods that come back"),
    "orders.ask_about_parcels": gettext_lazy("Ask about silent parcels"),
    "orders.reconcile_bills": gettext_lazy("Compare the providers' daily bills"),
    "orders.plan_presales": gettext_lazy("Plan what presales sold"),
    "orders.hold_awaited": gettext_lazy("Hold what came in for presales"),
    "orders.remind_pickups": gettext_lazy("Remind of orders to pick up"),
    "orders.remind_balances": gettext_lazy("Remind of balances to pay"),
    "orders.free_flash_stock": gettext_lazy("Free the stock of flash sales that are over"),
    "orders.refresh_shelf": gettext_lazy("Refresh the shelf"),
    "orders.forget_guest_carts": gettext_lazy("Forget carts of guests who did not come back"),
    "orders.tell_of_wishes": gettext_lazy("Tell of offers that began and of few left"),
    "catalog.apply_due_prices": gettext_lazy("Write prices that came due"),
    "catalog.write_due_shelf_times": gettext_lazy("Write down shelf times that came due"),
    "catalog.warn_of_qualifications": gettext_lazy("Warn of qualifications that run out"),
    "catalog.write_searches": gettext_lazy("Write down what was searched"),
    "catalog.propose_synonyms": gettext_lazy("Propose synonyms out of the searches"),
    "catalog.forget_old_searches": gettext_lazy("Forget old searches"),
    "catalog.sweep_words": gettext_lazy("Go over the words of the shop"),
    "inventory.send_restock_alerts": gettext_lazy("Raise restock alerts"),
    "inventory.watch_suppliers": gettext_lazy("Watch the figures of suppliers"),
    "inventory.score_suppliers": gettext_lazy("Score suppliers"),
    "inventory.draw_supplier_statements": gettext_lazy("Draw statements of suppliers"),
    "inventory.warn_of_supplier_documents": gettext_lazy(
        "Warn of suppliers' documents that run out"
    ),
    "inventory.forecast_demand": gettext_lazy("Forecast what sells"),
    "inventory.suggest_transfers": gettext_lazy("Suggest transfers between warehouses"),
    "inventory.tell_watchers": gettext_lazy("Tell who waits for stock"),
    "promotions.return_packets": gettext_lazy("Return the rest of red packets"),
    "promotions.send_reminders": gettext_lazy("Remind of flash sales"),
    "promotions.run_dispatches": gettext_lazy("Dispatch coupons"),
    "promotions.send_due_phases": gettext_lazy("Send messages of campaign plans"),
    "promotions.fail_due_teams": gettext_lazy("End groups whose time is over"),
    "promotions.draw_codes": gettext_lazy("Draw coupon codes"),
    "promotions.forget_old_deeds": gettext_lazy("Forget old deeds"),
    "promotions.forget_old_visits": gettext_lazy("Forget old visits"),
    "catalog.keep_phrases": gettext_lazy("Keep hot words"),
    "catalog.count_phrases": gettext_lazy("Count hot words"),
    "analytics.run_prompt_care": gettext_lazy("Care for unpaid orders and carts"),
    "analytics.run_slow_care": gettext_lazy("Care by the day"),
    "analytics.run_rehearsals": gettext_lazy("Hold rehearsals of campaigns"),
    "analytics.aggregate_days": gettext_lazy("Build daily reports"),
    "orders.rank_hot_goods": gettext_lazy("Rank hot goods"),
    "orders.pair_goods": gettext_lazy("Pair goods bought together"),
    "analytics.stage_products": gettext_lazy("Tell the stages of products"),
    "members.expire_points": gettext_lazy("Let points run out"),
    "members.expire_growth": gettext_lazy("Let growth leave its window"),
    "members.forget_old_tries": gettext_lazy("Forget old sign-in tries"),
    "members.close_silent_tickets": gettext_lazy("Close answered talks that nobody goes on with"),
    "members.refill_segments": gettext_lazy("Fill segments by their rules"),
}
"""What the timers do, in words. A test holds this list against the schedule."""


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """Every timer, the late and failed ones marked. Queries: 1 of its own."""
    at = clock.now()
    rows = [_row(timer, at) for timer in monitor.timers()]
    context = {
        **admin.site.each_context(request),
        "title": _("Timed tasks"),
        "rows": rows,
        "troubled": sum(row["state"] in ("failed", "late") for row in rows),
        "at": at,
        "may_run": request.user.has_perm(RUN),
    }
    return TemplateResponse(request, "admin/timers.html", context)


@require_POST
@permission_required((SEE, RUN), raise_exception=True)
def run(request: HttpRequest) -> HttpResponse:
    """Ask the worker to run one timer now."""
    name = request.POST.get("task", "")
    verb = partial(monitor.run_now, name=name, actor=request.user, at=clock.now())
    done = _("%(task)s: sent to the worker. Its result appears here.")
    run_verb(request, verb, done % {"task": TITLES.get(name, name)})
    return redirect("admin:timers")


def _row(timer: monitor.Timer, at: datetime) -> dict[str, Any]:
    last = timer.last
    return {
        "timer": timer,
        "title": TITLES.get(timer.task, timer.task),
        "rhythm": rhythm(timer),
        "state": _state(timer, at),
        "seconds": _seconds(last),
        "result": last.result if last else "",
    }


def _state(timer: monitor.Timer, at: datetime) -> str:
    """ "failed" and "late" are trouble; "quiet" is known by the heartbeat only."""
    if timer.last and timer.last.state == TaskRun.State.FAILED:
        return "failed"
    if timer.is_late(at):
        return "late" if timer.seen_at else "never"
    return timer.last.state if timer.last else "quiet"


def _seconds(last: TaskRun | None) -> str:
    if last is None or last.finished_at is None:
        return ""
    tenths = (last.finished_at - last.started_at) // timedelta(milliseconds=100)
    return f"{tenths // 10}.{tenths % 10}"


def rhythm(timer: monitor.Timer) -> str:
    """How often it runs, in words."""
    if timer.every is None:
        return _("every day at %(time)s") % {"time": f"{timer.hour:02d}:{timer.minute:02d}"}
    seconds = int(timer.every.total_seconds())
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return ngettext("every hour", "every %(n)d hours", hours) % {"n": hours}
    if seconds % 60 == 0:
        minutes = seconds // 60
        return ngettext("every minute", "every %(n)d minutes", minutes) % {"n": minutes}
    return ngettext("every second", "every %(n)d seconds", seconds) % {"n": seconds}
