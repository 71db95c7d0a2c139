"""The trade report: figures of a span beside the span before it, drawn, listed and exported.

Source: requirement A-05. Its numbers are the daily tables', which a test holds against the orders.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics import selectors
from analytics.services import aggregate_days
from mall.console import figures, spans
from mall.console.charts import line_chart
from mall.console.navigation import row_url
from mall.kernel import clock
from mall.kernel.admin import csv_response, run_verb
from mall.kernel.words import localized

SEE = "analytics.view_dailyreport"
REBUILD = "analytics.rebuild_dailyreport"
YUAN = 100
COSTS = "catalog.see_cost"
COSTLY = frozenset({"below_cost_fen"})
"""Figures that tell what goods cost."""


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The report of the chosen days. Queries: 2 of its own, 3 for who sees costs."""
    chosen = _chosen(request)
    trade = selectors.trade(first=chosen.first, last=chosen.last)
    context = {
        **admin.site.each_context(request),
        "title": _("Trade report"),
        "chosen": chosen,
        "names": spans.NAMES,
        "trade": trade,
        "figures": [_figure(trade, name) for name in selectors.FIGURES if name not in COSTLY],
        "charts": [_drawn(trade, "gmv_fen", YUAN), _drawn(trade, "paid_orders", 1)],
        "products": _titled(request, selectors.best_products(first=chosen.first, last=chosen.last)),
        "loss": _figure(trade, "below_cost_fen") if request.user.has_perm(COSTS) else None,
        "losses": _losses(request, chosen),
        "may_rebuild": request.user.has_perm(REBUILD),
    }
    return TemplateResponse(request, "admin/reports.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def export(request: HttpRequest) -> HttpResponse:
    """The same days as CSV, one row a day, money in yuan."""
    chosen = _chosen(request)
    days = selectors.trade(first=chosen.first, last=chosen.last).now.days
    names = [name for name in _names(request) if name != "average_order_fen"]
    header = [_("Day"), *(str(figures.TITLES[name]) for name in names)]
    rows = [
        [day.day.isoformat(), *(_cell(name, getattr(day, name)) for name in names)] for day in days
    ]
    return csv_response(f"trade-{chosen.first}-{chosen.last}.csv", header, rows)


@require_POST
@permission_required((SEE, REBUILD), raise_exception=True)
def rebuild(request: HttpRequest) -> HttpResponse:
    """Build the shown days, and those they are compared with, from the orders again."""
    chosen = spans.choose(request.POST, clock.day_of(clock.now()))
    first = chosen.first - (chosen.last - chosen.first) - spans.DAY
    verb = partial(aggregate_days, first=first, last=chosen.last, at=clock.now())
    run_verb(request, verb, _("The figures are built from the orders again."))
    return redirect(f"{reverse('admin:reports')}?{chosen.query}")


def _chosen(request: HttpRequest) -> spans.Choice:
    return spans.choose(request.GET, clock.day_of(clock.now()))


def _names(request: HttpRequest) -> list[str]:
    """The figures that this operator may see."""
    sees_costs = request.user.has_perm(COSTS)
    return [name for name in selectors.FIGURES if sees_costs or name not in COSTLY]


def _losses(request: HttpRequest, chosen: spans.Choice) -> list[dict[str, Any]]:
    """Goods sold below their cost (C-74), for who sees costs."""
    if not request.user.has_perm(COSTS):
        return []
    return _titled(request, selectors.loss_makers(first=chosen.first, last=chosen.last))


def _figure(trade: selectors.Trade, name: str) -> figures.Figure:
    return figures.Figure(
        name=name,
        title=figures.TITLES[name],
        words=figures.words_of(name, trade.now.total(name)),
        before=figures.words_of(name, trade.before.total(name)),
        change=figures.change(trade.change_bp(name)),
    )


def _drawn(trade: selectors.Trade, name: str, least_step: int) -> dict[str, Any]:
    """A chart of this span over the span before."""
    now, before = trade.now.days, trade.before.days
    values = [[getattr(day, name) for day in days] for days in (now, before)]
    return figures.drawing(name, line_chart(values, least_step=least_step), now, before)


def _titled(
    request: HttpRequest, rows: Sequence[selectors.ProductTrade | selectors.ProductLoss]
) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "title": localized(row, "title"),
            "link": row_url(request, "catalog.Product", row.product_id),
        }
        for row in rows
    ]


def _cell(name: str, value: int) -> object:
    return f"{value // YUAN}.{value % YUAN:02d}" if name.endswith("_fen") else value
