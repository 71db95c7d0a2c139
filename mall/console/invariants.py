"""The invariants page: every law of the books, checked on demand, green or red with the rows."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mall.kernel import clock
from mall.kernel.invariants import audit, invariants

SEE = "kernel.view_taskrun"
RUN = "kernel.run_task"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The list of laws; a POST by who may run tasks checks them against the database now."""
    may_run = request.user.has_perm(RUN)
    checked = request.method == "POST"
    if checked and not may_run:
        raise PermissionDenied
    rows = _checked() if checked else [{"law": law} for law in invariants()]
    context = {
        **admin.site.each_context(request),
        "title": _("Invariants"),
        "rows": rows,
        "checked": checked,
        "broken": sum(bool(row.get("violation")) for row in rows),
        "at": clock.now(),
        "may_run": may_run,
    }
    return TemplateResponse(request, "admin/invariants.html", context)


def _checked() -> list[dict[str, Any]]:
    """The broken ones first."""
    rows = [{"law": law, "violation": violation} for law, violation in audit()]
    return sorted(rows, key=lambda row: row["violation"] is None)
