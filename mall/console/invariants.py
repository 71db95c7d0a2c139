"""The judge's page: what the last night found, the nights before, and every law checked on demand.

A law opens the rows that break it at this moment, each with the way to its screen.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mall.console.broken_rows import link_of, unit_of, words_of
from mall.kernel import clock
from mall.kernel.balances import Unit, balances
from mall.kernel.invariants import invariants
from mall.kernel.invariants.judging import judge, rows_of
from mall.kernel.invariants.models import AuditFinding, AuditRun
from mall.kernel.invariants.telling import tell_of

SEE = "kernel.view_taskrun"
RUN = "kernel.run_task"
NIGHTS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The last run with the nights before; a POST by who may run tasks judges now. Queries: 3 of
    its own."""
    may_run = request.user.has_perm(RUN)
    if request.method == "POST":
        if not may_run:
            raise PermissionDenied
        at = clock.now()
        tell_of(judge(at=at), at=at)
        return redirect("admin:invariants")
    runs = list(AuditRun.objects.order_by("-started_at", "-pk")[:NIGHTS])
    run = _chosen(request, runs)
    found = list(run.findings.order_by("-is_new", "code")) if run else []
    context = {
        **admin.site.each_context(request),
        "title": _("Invariants"),
        "run": run,
        "runs": runs,
        "rows": _rows(request, found),
        "broken": len(found),
        "laws": len(invariants()) + len(balances()),
        "may_run": may_run,
    }
    return TemplateResponse(request, "admin/invariants.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def law(request: HttpRequest, code: str) -> HttpResponse:
    """The rows that break one law now."""
    found = rows_of(code)
    if found is None:
        raise Http404
    context = {
        **admin.site.each_context(request),
        "title": found[0].code,
        "law": found[0],
        "rows": _named(request, found[1], Unit.COUNT),
        "at": clock.now(),
    }
    return TemplateResponse(request, "admin/invariant.html", context)


def _chosen(request: HttpRequest, runs: list[AuditRun]) -> AuditRun | None:
    """The run that is asked for, else the latest."""
    asked = request.GET.get("run", "")
    return next((run for run in runs if str(run.pk) == asked), runs[0] if runs else None)


def _rows(request: HttpRequest, found: list[AuditFinding]) -> list[dict[str, Any]]:
    """Every law and balance, the broken ones first, with what the run named of each."""
    broken = {(one.kind, one.code): one for one in found}
    listed = [(AuditFinding.Kind.INVARIANT, one.code, one.says) for one in invariants()]
    listed += [(AuditFinding.Kind.BALANCE, one.code, one.says) for one in balances()]
    rows = []
    for kind, code, says in listed:
        finding = broken.get((kind, code))
        named = _named(request, finding.rows if finding else (), unit_of(finding))
        row = {"kind": kind, "code": code, "says": says, "finding": finding, "named": named}
        rows.append(row)
    return sorted(rows, key=lambda row: row["finding"] is None)


def _named(request: HttpRequest, rows: Iterable[str], unit: Unit) -> list[dict[str, str]]:
    """What is wrong, in words, with its way."""
    return [
        {"name": name, "words": words_of(name, unit=unit), "link": link_of(request, name)}
        for name in rows
    ]
