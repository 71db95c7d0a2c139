"""The operators' first page: what waits, what sells, what to do next. Source: ui.md, section 6.

Each operator sees the tiles and queues of their own work; every number leads to its list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics import selectors
from mall.console import figures
from mall.console.charts import line_chart
from mall.console.navigation import list_url, may_see, row_url
from mall.kernel import clock, monitor
from mall.kernel.words import localized

DRAWN_DAYS = 14
YUAN = 100
ON_THE_WAY_OUT = ",in_review,to_pack,packed"
"""The stages of what is to be shipped, none among them; orders that wait for a group are not."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number; ``tone`` is calm, busy (somebody should act) or bad."""

    code: str
    title: str | Promise
    words: str
    note: str
    link: str
    tone: str = "calm"
    change: figures.Change | None = None


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What templates/admin/index.html shows. Queries: 11 at most, whatever the shop holds."""
    at = clock.now()
    context.update(
        at=at,
        tiles=_tiles(request, at),
        to_ship=_to_ship(request, at),
        to_restock=_to_restock(request),
        chart=_chart(request, at),
    )
    return context


def _tiles(request: HttpRequest, at: datetime) -> list[Tile]:
    waiting = selectors.work_waiting(at)
    makers = (
        ("orders.Order", lambda: [_ship_tile(waiting), _pay_tile(waiting)]),
        ("orders.Refund", lambda: [_refund_tile(waiting)]),
        ("inventory.RestockAlert", lambda: [_stock_tile(waiting)]),
        ("analytics.DailyReport", lambda: [_turnover_tile(request, at)]),
        ("kernel.TaskRun", lambda: [_task_tile(waiting, at), *_backup_tiles(request, at)]),
    )
    return [tile for label, make in makers if may_see(request, label) for tile in make()]


def _ship_tile(waiting: selectors.Waiting) -> Tile:
    link = list_url("orders.Order", f"status__in=paid,part_shipped&stage__in={ON_THE_WAY_OUT}")
    tone = "busy" if waiting.to_ship else "calm"
    return Tile("to_ship", _("To ship"), f"{waiting.to_ship:,}", _("paid orders"), link, tone)


def _pay_tile(waiting: selectors.Waiting) -> Tile:
    link = list_url("orders.Order", "status__exact=unpaid")
    return Tile("to_pay", _("To pay"), f"{waiting.to_pay:,}", _("orders that still wait"), link)


def _refund_tile(waiting: selectors.Waiting) -> Tile:
    failed = waiting.refunds_failed
    note = (
        ngettext("%(n)d of them failed", "%(n)d of them failed", failed) % {"n": failed}
        if failed
        else _("on their way back")
    )
    link = list_url("orders.Refund", "status__in=pending,failed")
    tone = "bad" if failed else "calm"
    words = f"{waiting.refunds_pending + failed:,}"
    return Tile("to_refund", _("To refund"), words, note, link, tone)


def _stock_tile(waiting: selectors.Waiting) -> Tile:
    link = list_url("inventory.RestockAlert", "resolved_at__isnull=True")
    tone = "busy" if waiting.low_stock else "calm"
    words = f"{waiting.low_stock:,}"
    return Tile("low_stock", _("Low stock"), words, _("open restock alerts"), link, tone)


def _turnover_tile(request: HttpRequest, at: datetime) -> Tile:
    today = selectors.turnover_today(at)
    note = ngettext("%(n)d paid order", "%(n)d paid orders", today.orders) % {"n": today.orders}
    return Tile(
        "turnover",
        _("Turnover today"),
        figures.words_of("gmv_fen", today.gmv_fen),
        note,
        _turnover_link(request, at),
        change=figures.change(today.change_bp),
    )


def _turnover_link(request: HttpRequest, at: datetime) -> str:
    """Today's paid orders for who may see orders, else the report."""
    if not may_see(request, "orders.Order"):
        return reverse("admin:reports") + "?span=today"
    start = clock.bounds(clock.day_of(at))[0]
    return list_url("orders.Order", urlencode({"paid_at__gte": start.isoformat()}))


def _task_tile(waiting: selectors.Waiting, at: datetime) -> Tile:
    words = f"{waiting.failed_tasks:,}"
    if monitor.worker_is_silent(at):
        link = reverse("admin:timers")
        return Tile(
            "failed_tasks", _("Failed tasks"), words, _("the worker is silent"), link, "bad"
        )
    link = list_url("kernel.TaskRun", "state__exact=failed")
    tone = "bad" if waiting.failed_tasks else "calm"
    return Tile("failed_tasks", _("Failed tasks"), words, _("in the last 24 hours"), link, tone)


def _backup_tiles(request: HttpRequest, at: datetime) -> list[Tile]:
    """Nothing while a backup is young, nor of a demo, which nobody promised to back up."""
    if settings.DEMO:
        return []
    last = monitor.last_backup_at()
    if not monitor.is_old_backup(last, at):
        return []
    words = _waits(at - last) if last else _("none")
    trail = list_url("kernel.AuditEntry", "q=kernel.note_backup")
    link = trail if may_see(request, "kernel.AuditEntry") else reverse("admin:timers")
    return [Tile("backup", _("Last backup"), words, _("one is due every night"), link, "bad")]


def _to_ship(request: HttpRequest, at: datetime) -> list[dict[str, Any]] | None:
    """The longest waiting orders; None for whoever may not see orders."""
    if not may_see(request, "orders.Order"):
        return None
    return [_ship_row(request, order, at) for order in selectors.ship_queue()]


def _ship_row(request: HttpRequest, order: Any, at: datetime) -> dict[str, Any]:
    lines = list(order.lines.all())
    return {
        "order": order,
        "title": localized(lines[0], "title") if lines else "",
        "kinds": len(lines),
        "pieces": sum(_unsent(line) for line in lines),
        "waits": _waits(at - (order.paid_at or order.placed_at)),
        "link": row_url(request, "orders.Order", order.pk),
    }


def _waits(waiting: timedelta) -> str:
    hours = int(waiting.total_seconds()) // 3600
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def _to_restock(request: HttpRequest) -> list[dict[str, Any]] | None:
    if not may_see(request, "inventory.RestockAlert"):
        return None
    return [
        {
            "alert": alert,
            "title": localized(alert.item.sku.product, "title"),
            "warehouse": localized(alert.item.warehouse, "title"),
            "link": row_url(request, "inventory.RestockAlert", alert.pk),
        }
        for alert in selectors.restock_queue()
    ]


def _chart(request: HttpRequest, at: datetime) -> dict[str, Any] | None:
    """The turnover of the last fourteen days, from the daily tables."""
    if not may_see(request, "analytics.DailyReport"):
        return None
    last = clock.day_of(at)
    span = selectors.trade(first=last - timedelta(days=DRAWN_DAYS - 1), last=last).now
    chart = line_chart([[day.gmv_fen for day in span.days]], least_step=YUAN, height=160)
    return {**figures.drawing("gmv_fen", chart, span.days), "as_of": span.as_of}


def _unsent(line: Any) -> int:
    """Pieces of a line that may still leave."""
    return max(0, int(line.quantity - line.shipped - line.withdrawn - line.withdrawing))
