"""The live stock board; how long goods lie and what is lost. Source: I-02, I-10, I-52."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from catalog.models import Sku
from inventory import selectors
from inventory.forecast import AGES
from inventory.models import StockItem, Warehouse
from mall.console.coupon_report import percent
from mall.console.navigation import row_url
from mall.kernel import clock
from mall.kernel.admin import csv_response
from mall.kernel.words import localized

SEE = "inventory.view_stockitem"
SEE_LOSSES = "inventory.view_stockloss"
PAGE_ROWS = 50
MOST_EXPORTED = 20_000
CHUNK = 500
FRESH_SECONDS = 15
TURN_DAYS = 365
LEVELS = {
    "low": pgettext_lazy("stock level", "low"),
    "over": pgettext_lazy("stock level", "too much"),
    "zero": pgettext_lazy("stock level", "none"),
}
MISSING = "missing"
BOARD_LEVELS = {**LEVELS, MISSING: pgettext_lazy("stock level", "never stocked")}
"""What is on sale and has no stock row is on the board alone: it has neither age nor turns."""
MONTHS_SHOWN = timedelta(days=365)


def stock_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("stock/", view(board), name="stock_board"),
        path("stock/ages/", view(ages), name="stock_ages"),
        path("stock/ages/export/", view(export_ages), name="stock_ages_export"),
        path("stock/losses/", view(losses), name="stock_losses"),
    ]


@require_safe
@permission_required(SEE, raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """Every stock row with its level; the page asks for itself again. Queries: 5 of its own."""
    asked, level = _asked(request), request.GET.get("level", "")
    is_missing = level == MISSING
    rows: QuerySet[Any] = (
        selectors.never_stocked(text=asked["text"])
        if is_missing
        else selectors.board_rows(**asked, level=level)
    )
    page = _page(request, rows)
    counts = selectors.board_counts(**asked)
    row_of = _bare_row if is_missing else _row
    context = {
        **_frame(request, _("Stock board")),
        "levels": BOARD_LEVELS,
        "page": page,
        "rows": [row_of(request, one) for one in page],
        "counters": [
            {"level": level, "title": title, "number": getattr(counts, level)}
            for level, title in BOARD_LEVELS.items()
        ],
        "counts": counts,
        "seconds": FRESH_SECONDS,
        "may_receive": is_missing and request.user.has_perm("inventory.change_stockitem"),
    }
    return TemplateResponse(request, "admin/stock_board.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def ages(request: HttpRequest) -> HttpResponse:
    """How long goods have lain and how often they turn. Queries: 5 of its own."""
    rows = selectors.board_rows(**_asked(request), level=request.GET.get("level", ""))
    page = _page(request, rows)
    context = {
        **_frame(request, _("Ages of stock")),
        "page": page,
        "rows": [
            {
                "lying": one,
                "turns": _hundredths(one.turns_hundredths),
                **_names(one.item),
            }
            for one in selectors.lying_goods(list(page), at=clock.now(), days=TURN_DAYS)
        ],
        "classes": _classes(),
    }
    return TemplateResponse(request, "admin/stock_ages.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def export_ages(request: HttpRequest) -> HttpResponse:
    """The same as CSV, every row."""
    header = [
        _("SKU"),
        _("Product"),
        _("Warehouse"),
        _("On hand"),
        *_classes(),
        _("Turns a year"),
        _("Days a turn"),
        _("Days of supply"),
    ]
    items = list(selectors.board_rows(**_asked(request))[:MOST_EXPORTED])
    at = clock.now()
    lying = [
        one
        for start in range(0, len(items), CHUNK)
        for one in selectors.lying_goods(items[start : start + CHUNK], at=at, days=TURN_DAYS)
    ]
    return csv_response(
        f"stock-ages-{clock.day_of(at)}.csv", header, [_exported(one) for one in lying]
    )


@require_safe
@permission_required(SEE_LOSSES, raise_exception=True)
def losses(request: HttpRequest) -> HttpResponse:
    """Loss rate of each warehouse and month of the last year. Queries: 3 of its own."""
    today = clock.day_of(clock.now())
    houses = {house.pk: house for house in Warehouse.objects.all()}
    first = (today - MONTHS_SHOWN).replace(day=1)
    context = {
        **_frame(request, _("Losses of the warehouses")),
        "rows": [
            {
                "warehouse": localized(houses[rate.warehouse_id], "title"),
                "rate": rate,
                "percent": percent(rate.rate_bp),
            }
            for rate in selectors.loss_rates(first=first, last=today)
        ],
    }
    return TemplateResponse(request, "admin/stock_losses.html", context)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the address; what is none is not asked for."""
    house = request.GET.get("warehouse", "")
    is_number = house.isascii() and house.isdigit() and len(house) < 10
    return {
        "warehouse_id": int(house) if is_number else None,
        "text": request.GET.get("q", "").replace("\0", "").strip()[:60],
    }


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page:
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))


def _frame(request: HttpRequest, title: str) -> dict[str, Any]:
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        **admin.site.each_context(request),
        "title": title,
        "at": clock.now(),
        "levels": LEVELS,
        "warehouses": [
            {"pk": str(house.pk), "title": localized(house, "title")}
            for house in Warehouse.objects.filter(is_active=True)
        ],
        "chosen": {
            "level": request.GET.get("level", ""),
            "warehouse": request.GET.get("warehouse", ""),
            "q": request.GET.get("q", ""),
        },
        "kept": kept.urlencode(),
    }


def _row(request: HttpRequest, item: StockItem) -> dict[str, Any]:
    return {
        "item": item,
        **_names(item),
        "level": _level(item),
        "url": row_url(request, "inventory.StockItem", item.pk),
    }


def _bare_row(request: HttpRequest, sku: Sku) -> dict[str, Any]:
    """A SKU without stock, as a row that has nothing."""
    return {
        "item": StockItem(sku=sku),
        "product": localized(sku.product, "title"),
        "warehouse": "",
        "level": "zero",
        "url": row_url(request, "catalog.Sku", sku.pk),
    }


def _names(item: StockItem) -> dict[str, str]:
    return {
        "product": localized(item.sku.product, "title"),
        "warehouse": localized(item.warehouse, "title"),
    }


def _level(item: StockItem) -> str:
    if not item.available:
        return "zero"
    if item.available < item.threshold:
        return "low"
    forecast = getattr(item, "forecast", None)
    return "over" if forecast and forecast.overstocked_since else ""


def _classes() -> list[str]:
    begins = (0, *(limit + 1 for limit in AGES))
    named = [
        _("%(first)s-%(last)s days") % {"first": first, "last": last}
        for first, last in zip(begins, AGES, strict=False)
    ]
    return [*named, _("over %(last)s days") % {"last": AGES[-1]}]


def _hundredths(number: int | None) -> str:
    return "" if number is None else f"{number // 100}.{number % 100:02d}"


def _exported(one: selectors.Lying) -> list[Any]:
    return [
        one.item.sku.code,
        *_names(one.item).values(),
        one.item.on_hand,
        *one.by_age,
        _hundredths(one.turns_hundredths),
        one.turn_days,
        one.days_of_supply,
    ]
