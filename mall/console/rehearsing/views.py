"""Rehearsals on the operators' screen: ask for one, watch it, read it, answer for what was found.

Source: design.md, section 5 (Rehearsal); C-49.
"""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics.services import DAYS, ask_rehearsal
from mall.console.rehearsing import report
from mall.console.rehearsing.forms import OverrideForm, SetForm
from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from orders.services import check_goods
from promotions import services
from promotions.models import Campaign, Rehearsal

SEE = "promotions.view_campaign"
ASK = "promotions.change_campaign"
OVERRIDE = "promotions.override_findings"
SEE_COST = "catalog.see_cost"
MOST_LISTED = 10


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((SEE, ASK), raise_exception=True)
def ask(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Choose the campaigns to try together, and have the worker replay the orders."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    form = SetForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_valid():
        asked: list[Rehearsal] = []

        def verb() -> None:
            ids = form.campaign_ids()
            asked.append(ask_rehearsal(campaign_ids=ids, at=clock.now(), actor=actor_of(request)))

        if run_verb(request, verb, _("The worker is rehearsing. This page shows how far it is.")):
            return redirect("admin:rehearsal", asked[0].pk)
    context = {
        **_page(request, _("Rehearse %(title)s") % {"title": campaign.title_zh}),
        "campaign": campaign,
        "form": form,
        "days": DAYS,
        "past": _past(campaign),
    }
    return TemplateResponse(request, "admin/rehearsing/ask.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """How far a rehearsal is, or what it found. Queries: 4 of its own."""
    rehearsal = get_object_or_404(Rehearsal.objects.select_related("made_by"), pk=rehearsal_id)
    with_costs = request.user.has_perm(SEE_COST)
    tried = list(rehearsal.campaigns.select_related("campaign").order_by("pk"))
    context = {
        **_page(request, _("Rehearsal %(number)s") % {"number": rehearsal.pk}),
        "rehearsal": rehearsal,
        "tried": [{"row": row, "is_current": row.version == row.campaign.version} for row in tried],
        "with_costs": with_costs,
        "failure": report.FAILURES.get(rehearsal.failure, rehearsal.failure),
    }
    if rehearsal.state == Rehearsal.State.DONE:
        found = list(rehearsal.findings.order_by("pk"))
        context |= _figures(rehearsal, with_costs)
        context["found"] = {
            row.campaign: report.told(
                [finding for finding in found if finding.campaign_id == row.campaign_id],
                with_costs=with_costs,
            )
            for row in tried
        }
    return TemplateResponse(request, "admin/rehearsing/report.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def findings(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """All that was found of a campaign's version as it stands, and who answered for it."""
    campaign = get_object_or_404(Campaign.objects.select_related("maker"), pk=campaign_id)
    version = {"version": campaign.version}
    own = [*campaign.findings.filter(**version).order_by("pk")]
    blocking = services.blocking_findings(campaign, clock.now())
    missing = [finding for finding in blocking if finding.pk is None]
    context = {
        **_page(request, _("Findings of %(title)s") % {"title": campaign.title_zh}),
        "campaign": campaign,
        "rows": report.told([*missing, *own], with_costs=request.user.has_perm(SEE_COST)),
        "blocking": len(blocking),
        "overrides": campaign.overrides.filter(**version).select_related("actor"),
        "past": _past(campaign),
        "form": OverrideForm(),
        "may_ask": request.user.has_perm(ASK),
        "may_override": _may_override(request, campaign),
    }
    return TemplateResponse(request, "admin/rehearsing/findings.html", context)


@require_POST
@permission_required((SEE, ASK), raise_exception=True)
def check(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Check the goods that are to join the campaign (C-49)."""
    verb = partial(check_goods, campaign_id=campaign_id, at=clock.now(), actor=actor_of(request))
    run_verb(request, verb, _("The goods are checked."))
    return redirect("admin:campaign_findings", campaign_id)


@require_POST
@permission_required((SEE, OVERRIDE), raise_exception=True)
def override(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Answer for what blocks a campaign that somebody else wrote."""
    form = OverrideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    verb = partial(
        services.override_findings,
        campaign_id=campaign_id,
        reason=reason,
        at=clock.now(),
        actor=actor_of(request),
    )
    run_verb(request, verb, _("You answer for these findings; the audit trail says why."))
    return redirect("admin:campaign_findings", campaign_id)


def _page(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title}


def _figures(rehearsal: Rehearsal, with_costs: bool) -> dict[str, Any]:
    figures = rehearsal.figures
    return {
        "figures": figures,
        "sums": report.sums(figures, with_costs=with_costs),
        "rules": report.rules(figures),
        "pairs": report.pairs(figures),
        "unknown": report.unknown(figures),
    }


def _past(campaign: Campaign) -> Any:
    """The latest rehearsals of a campaign, newest first."""
    rows = campaign.rehearsals.select_related("rehearsal__made_by").order_by("-pk")
    return rows[:MOST_LISTED]


def _may_override(request: HttpRequest, campaign: Campaign) -> bool:
    return request.user.has_perm(OVERRIDE) and request.user.pk != campaign.maker_id
