"""How fast orders go through the house, and how well carriers do. Source: O-25, I-21."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.console import spans
from mall.console.coupon_report import percent
from mall.kernel import clock
from mall.kernel.words import localized
from orders import selectors, services
from orders.selectors import LeadTime, Rating

SEE = "orders.view_shipment"
TENTH_OF_AN_HOUR = timedelta(minutes=6)


@require_safe
@permission_required(SEE, raise_exception=True)
def show_lead_times(request: HttpRequest) -> HttpResponse:
    """Each warehouse beside the targets. Queries: 3 of its own."""
    context, start, end = _span_of(request, _("Lead times"))
    aims = selectors.targets(services.fulfilment_policy())
    titles = {one.pk: localized(one, "title") for one in selectors.shipping_warehouses()}
    found = selectors.lead_times(start=start, end=end)
    context["rows"] = [_lead_row(row, titles, aims) for row in found]
    context["aims"] = {step: hours(aim) for step, aim in aims.items()}
    return TemplateResponse(request, "admin/lead_times.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def show_ratings(request: HttpRequest) -> HttpResponse:
    """Carriers by punctuality, damage and cost. Queries: 2 of its own."""
    context, start, end = _span_of(request, _("Ranking of carriers"))
    found = selectors.ratings(start=start, end=end, at=clock.now())
    context["rows"] = [_rating_row(rating) for rating in found]
    return TemplateResponse(request, "admin/carrier_ratings.html", context)


def _span_of(request: HttpRequest, title: str) -> tuple[dict[str, Any], Any, Any]:
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    context = {
        **admin.site.each_context(request),
        "title": title,
        "chosen": chosen,
        "names": spans.NAMES,
        "at": at,
    }
    return context, clock.bounds(chosen.first)[0], clock.bounds(chosen.last)[1]


def _lead_row(row: LeadTime, titles: dict[int, str], aims: dict[str, timedelta]) -> dict[str, Any]:
    return {
        "warehouse": titles.get(row.warehouse_id or 0, ""),
        "parcels": row.parcels,
        "steps": [_step(row.steps[step], aims[step]) for step in aims],
        "whole": hours(row.pay_to_ship),
    }


def _step(taken: timedelta | None, aim: timedelta) -> dict[str, Any]:
    return {"hours": hours(taken), "is_late": taken is not None and taken > aim}


def hours(span: timedelta | None) -> str:
    """Hours with one digit, empty where nothing was measured: 26.5."""
    if span is None:
        return ""
    tenths = (span + TENTH_OF_AN_HOUR / 2) // TENTH_OF_AN_HOUR
    return f"{tenths // 10}.{tenths % 10}"


def _rating_row(rating: Rating) -> dict[str, Any]:
    return {
        "name": localized(rating.carrier, "title"),
        "code": rating.carrier.code,
        "parcels": rating.parcels,
        "on_time": "" if rating.on_time_bp is None else percent(rating.on_time_bp),
        "damaged": "" if rating.damaged_bp is None else percent(rating.damaged_bp),
        "each_fen": rating.each_fen,
    }
