"""How payments go: success by channel and hour, failures by reason. Source: O-37, O-38."""

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
from orders import selectors
from orders.models import PaymentFailure

SEE = "orders.view_paymentfailure"


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The report of the chosen days. Queries: 2 of its own."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    start, end = clock.bounds(chosen.first)[0], clock.bounds(chosen.last)[1]
    by_hour = selectors.success_by_hour(start=start, end=end, at=at)
    failures = selectors.failures_by_reason(start=start, end=end)
    context = {
        **admin.site.each_context(request),
        "title": _("How payments go"),
        "chosen": chosen,
        "names": spans.NAMES,
        "channels": [_rate(rate) for rate in selectors.success_by_channel(by_hour)],
        "hours": [_rate(rate) for rate in by_hour],
        "failures": [_failure(count) for count in failures],
        "at": at,
    }
    return TemplateResponse(request, "admin/payment_report.html", context)


def _rate(rate: selectors.SuccessRate) -> dict[str, Any]:
    return {"rate": rate, "percent": percent(rate.rate_bp)}


def _failure(count: selectors.FailureCount) -> dict[str, Any]:
    return {
        "count": count,
        "stage": PaymentFailure.Stage(count.stage).label,
        "reason": PaymentFailure.Reason(count.reason).label,
    }
