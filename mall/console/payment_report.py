"""How payments go: success by channel and hour, failures by reason. Source: O-37, O-38."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mall.console import spans
from mall.console.coupon_report import percent
from mall.kernel import clock
from mall.kernel.money import FULL_RATE_BP, half_up
from orders import selectors
from orders.models import PaymentFailure, PaymentPolicy
from orders.presenting import provider_title

SEE = "orders.view_paymentfailure"
FUNNEL = {
    "cart": gettext_lazy("Put something into the cart"),
    "ordered": gettext_lazy("Placed an order"),
    "began": gettext_lazy("Began to pay"),
    "paid": gettext_lazy("Paid"),
}


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The report of the chosen days. Queries: 6 of its own."""
    at = clock.now()
    chosen = spans.choose(request.GET, clock.day_of(at))
    start, end = clock.bounds(chosen.first)[0], clock.bounds(chosen.last)[1]
    by_hour = selectors.success_by_hour(start=start, end=end, at=at)
    failures = selectors.failures_by_reason(start=start, end=end)
    policy = PaymentPolicy.objects.get(pk=1)
    context = {
        **admin.site.each_context(request),
        "title": _("How payments go"),
        "chosen": chosen,
        "names": spans.NAMES,
        "channels": [_rate(rate, policy) for rate in selectors.success_by_channel(by_hour)],
        "hours": [_rate(rate, policy) for rate in by_hour],
        "funnel": _funnel(selectors.cart_to_pay(start=start, end=end)),
        "failures": [_failure(count) for count in failures],
        "at": at,
    }
    return TemplateResponse(request, "admin/payment_report.html", context)


def _rate(rate: selectors.SuccessRate, policy: PaymentPolicy) -> dict[str, Any]:
    return {
        "rate": rate,
        "provider": provider_title(rate.provider),
        "percent": percent(rate.rate_bp),
        "is_low": rate.is_low(policy),
    }


def _funnel(steps: list[selectors.FunnelStep]) -> list[dict[str, Any]]:
    """Every step with what part of the first it is."""
    first = steps[0].members
    return [
        {
            "code": step.code,
            "title": FUNNEL[step.code],
            "members": step.members,
            "percent": percent(half_up(step.members * FULL_RATE_BP, first) if first else None),
        }
        for step in steps
    ]


def _failure(count: selectors.FailureCount) -> dict[str, Any]:
    return {
        "count": count,
        "provider": provider_title(count.provider),
        "stage": PaymentFailure.Stage(count.stage).label,
        "reason": PaymentFailure.Reason(count.reason).label,
    }
