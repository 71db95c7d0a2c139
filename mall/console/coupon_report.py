"""What coupons brought in and cost: a line each, and one coupon by channel and against those who
were held back.

Source: requirement P-17.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics import selectors
from mall.console.navigation import row_url
from mall.kernel import clock
from mall.kernel.admin import csv_response
from mall.kernel.money import yuan
from mall.kernel.words import localized
from promotions.models import Coupon

SEE = ("analytics.view_dailyreport", "promotions.view_coupon")
PER_PAGE = 50


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """Coupons with their effect, the newest first, a page at a time. Queries: 3 of its own."""
    page = Paginator(Coupon.objects.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Coupon effects"),
        "rows": [_row(effect) for effect in selectors.coupon_effects(list(page))],
        "page": page,
        "at": clock.now(),
    }
    return TemplateResponse(request, "admin/coupon_effects.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def export(request: HttpRequest) -> HttpResponse:
    """Every coupon as CSV, money in yuan. Queries: 2 of its own."""
    effects = selectors.coupon_effects(list(Coupon.objects.order_by("-pk")))
    header = (
        _("coupon"), _("pieces"), _("given by the shop"), _("fetched by members"), _("used"),
        _("use rate"), _("paid (yuan)"), _("discounts (yuan)"),
    )  # fmt: skip
    rows = [
        (
            effect.coupon.code,
            effect.coupon.total,
            effect.issued,
            effect.claimed,
            effect.used,
            percent(effect.use_bp),
            plain_yuan(effect.gmv_fen),
            plain_yuan(effect.off_fen),
        )
        for effect in effects
    ]
    return csv_response("coupon-effects.csv", header, rows)


@require_safe
@permission_required(SEE, raise_exception=True)
def one(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """One coupon: its dispatches beside their control groups, and its channels."""
    coupon, at = get_object_or_404(Coupon, pk=coupon_id), clock.now()
    (effect,) = selectors.coupon_effects([coupon])
    context = {
        **admin.site.each_context(request),
        "title": _("Effect of %(coupon)s") % {"coupon": localized(coupon, "title")},
        "row": _row(effect),
        "link": row_url(request, "promotions.Coupon", coupon.pk),
        "dispatches": [_dispatch(row) for row in selectors.dispatch_effects(coupon.pk, at)],
        "channels": selectors.channel_effects(coupon.pk),
        "at": at,
    }
    return TemplateResponse(request, "admin/coupon_effect.html", context)


def _row(effect: selectors.CouponEffect) -> dict[str, Any]:
    return {
        "effect": effect,
        "title": localized(effect.coupon, "title"),
        "given": percent(effect.given_bp),
        "use": percent(effect.use_bp),
    }


def _dispatch(row: selectors.DispatchEffect) -> dict[str, Any]:
    return {
        "effect": row,
        "segment": localized(row.dispatch.segment, "title"),
        "gain": None if row.gain_fen is None else yuan(row.gain_fen),
        "roi": percent(row.roi_bp),
    }


def percent(bp: int | None) -> str:
    """3000 -> 30%, 3333 -> 33.3%; a dash for none."""
    if bp is None:
        return "—"
    whole, rest = divmod(abs(bp), 100)
    tenths = f".{rest // 10}" if rest // 10 else ""
    sign = "−" if bp < 0 else ""
    return f"{sign}{whole:,}{tenths}%"


def plain_yuan(fen: int) -> str:
    """Yuan as spreadsheets read them: 1234.50."""
    return f"{fen // 100}.{fen % 100:02d}"
