"""Pages of a campaign plan that look up the whole building: is there stock, what did it bring.

Source: requirements P-46, P-47.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from analytics.selectors import CampaignEffect, PlanEffect, plan_effect
from mall.console.coupon_report import percent
from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from mall.kernel.money import yuan
from orders.selectors import expected_stock
from promotions.models import CampaignPlan
from promotions.services import confirm_stock

SEE = "promotions.view_campaignplan"
CHANGE = "promotions.change_campaignplan"
SEE_REPORT = "analytics.view_dailyreport"
SEE_COST = "catalog.see_cost"


def planning_urls(view: Any) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("plans/<int:plan_id>/stock/", view(stock), name="plan_stock"),
        path("plans/<int:plan_id>/effect/", view(effect), name="plan_effect"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def stock(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Forecast beside stock; the start in spite of a shortage is confirmed here, with a reason."""
    plan = get_object_or_404(CampaignPlan, pk=plan_id)
    may_confirm = request.user.has_perm(CHANGE)
    if request.method == "POST" and may_confirm:
        run_verb(
            request,
            lambda: confirm_stock(
                plan_id=plan.pk,
                reason=request.POST.get("reason", ""),
                actor=actor_of(request),
                at=clock.now(),
            ),
            _("The start is confirmed."),
        )
        plan.refresh_from_db()
    rows = expected_stock(plan)
    context = {
        **_page(request, plan, _("Stock before the start")),
        "rows": rows,
        "missing": sum(row.missing for row in rows),
        "may_confirm": may_confirm,
    }
    return TemplateResponse(request, "admin/plan_stock.html", context)


@require_safe
@permission_required((SEE, SEE_REPORT), raise_exception=True)
def effect(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What the plan's campaigns brought in and cost, beside its targets."""
    plan = get_object_or_404(CampaignPlan, pk=plan_id)
    found = plan_effect(plan)
    may_see_cost = request.user.has_perm(SEE_COST)
    context = {
        **_page(request, plan, _("Effect")),
        "tiles": _tiles(found, may_see_cost=may_see_cost),
        "rows": [_row(one, may_see_cost=may_see_cost) for one in found.campaigns],
        "may_see_cost": may_see_cost,
    }
    return TemplateResponse(request, "admin/plan_effect.html", context)


def _tiles(found: PlanEffect, *, may_see_cost: bool) -> list[dict[str, str]]:
    """What was reached beside what was wanted."""
    total, plan = found.total, found.plan
    target = _("target %(amount)s: %(reached)s reached")
    tiles = [
        ("gmv", _("Sales"), total.gmv_fen, target, plan.gmv_target_fen, found.gmv_bp),
        (
            "cost",
            _("Discounts"),
            total.cost_fen,
            _("budget %(amount)s: %(reached)s used"),
            plan.budget_fen,
            found.budget_bp,
        ),
    ]
    if may_see_cost:
        wanted = plan.profit_target_fen
        tiles.append(("profit", _("Profit"), total.profit_fen, target, wanted, found.profit_bp))
    drawn = [
        {
            "code": code,
            "title": title,
            "words": f"¥{yuan(fen)}",
            "note": note % {"amount": f"¥{yuan(wanted)}", "reached": percent(reached)},
        }
        for code, title, fen, note, wanted, reached in tiles
    ]
    newcomers = _("%(count)s new customers: %(share)s") % {
        "count": total.newcomers,
        "share": percent(total.newcomers_bp),
    }
    buyers = {"code": "members", "title": _("Buyers"), "words": str(total.members)}
    return [*drawn, {**buyers, "note": newcomers}]


def _row(one: CampaignEffect, *, may_see_cost: bool) -> dict[str, Any]:
    cells = [
        str(one.placed),
        str(one.orders),
        percent(one.paid_bp),
        str(one.members),
        percent(one.newcomers_bp),
        f"¥{yuan(one.gmv_fen)}",
        f"¥{yuan(one.cost_fen)}",
    ]
    if may_see_cost:
        cells += [f"¥{yuan(one.profit_fen)}", percent(one.roi_bp)]
    return {"title": one.title, "cells": cells}


def _page(request: HttpRequest, plan: CampaignPlan, title: str) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": f"{plan.title_zh} · {title}",
        "plan": plan,
        "back": reverse("admin:promotions_campaignplan_change", args=[plan.pk]),
    }
