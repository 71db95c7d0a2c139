"""The operators' site: admin with the console's own pages, language switch and staff sessions."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from mall.console import (
    channel_report,
    coupon_report,
    enquiries,
    invariants,
    landing_report,
    language,
    payment_report,
    pickup_desk,
    reports,
    second_factor,
    timers,
)
from mall.console.fulfilling.urls import fulfilling_urls
from mall.console.import_screens import import_urls
from mall.console.planning import planning_urls
from mall.console.rehearsing.urls import rehearsing_urls
from mall.console.routing_screens import routing_urls
from mall.console.stock_board import stock_urls
from mall.console.stock_shortages import shortage_urls

STAFF_SESSION_SECONDS = 12 * 60 * 60
"""A working day: shoppers stay signed in for a month, operators do not."""

SKIN = {
    "header": "console-header",
    "navigation_header": "console-brand",
    "navigation": "console-navigation",
    "main": "console-main",
}


class OperatorLoginForm(AuthenticationForm):
    """One refusal for a wrong name, a wrong password and a shopper's right one (ATK-60)."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The name or the password is wrong, or this is no operator's account."),
    }


class ConsoleSite(UnfoldAdminSite):
    """The one admin site of the mall; django.contrib.admin's default."""

    index_title = _("Workbench")
    login_form = OperatorLoginForm
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_view
        own: list[URLPattern | URLResolver] = [
            path("language/", language.switch, name="language"),
            path("second-step/", second_factor.show, name="second_factor"),
            path("logout/", self.sign_out, name="logout"),
            path("reports/", view(reports.show), name="reports"),
            path("reports/export/", view(reports.export), name="reports_export"),
            path("reports/rebuild/", view(reports.rebuild), name="reports_rebuild"),
            path("coupon-effects/", view(coupon_report.show), name="coupon_effects"),
            path(
                "coupon-effects/export/", view(coupon_report.export), name="coupon_effects_export"
            ),
            path("coupon-effects/<int:coupon_id>/", view(coupon_report.one), name="coupon_effect"),
            path("payments/", view(payment_report.show), name="payment_report"),
            path("channels/", view(channel_report.show), name="channel_report"),
            path("landings/", view(landing_report.show), name="landing_report"),
            path("enquiries/", view(enquiries.show), name="enquiries"),
            path("pickups/", view(pickup_desk.show), name="pickup_desk"),
            path("pickups/verify/", view(pickup_desk.verify), name="pickup_verify"),
            path("pickups/ready/", view(pickup_desk.ready), name="pickup_ready"),
            path("tasks/", view(timers.show), name="timers"),
            path("tasks/run/", view(timers.run), name="timers_run"),
            path("invariants/", view(invariants.show), name="invariants"),
            path("invariants/<slug:code>/", view(invariants.law), name="invariant"),
            *rehearsing_urls(view),
            *fulfilling_urls(view),
            *import_urls(view),
            *planning_urls(view),
            *stock_urls(view),
            *shortage_urls(view),
            *routing_urls(view),
        ]
        return own + super().get_urls()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "element_classes": SKIN}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The models by app, worked out by the few pages that show them; all others only have it
        in their context."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def has_permission(self, request: HttpRequest) -> bool:
        """Active operators, once they have shown a second factor where one is asked for."""
        return super().has_permission(request) and second_factor.is_open(request)

    @method_decorator([csrf_protect, never_cache])
    def sign_out(self, request: HttpRequest) -> HttpResponse:
        """Sign out, also between the two steps, where no page of the site is open yet."""
        return self.logout(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Let operators in, for a working day at most; the second step comes after the password."""
        if request.method == "GET" and super().has_permission(request):
            query = urlencode({"next": request.GET.get(REDIRECT_FIELD_NAME, "")})
            return redirect(f"{reverse('admin:second_factor')}?{query}")
        response = super().login(request, extra_context)
        if request.method == "POST" and super().has_permission(request):
            request.session.set_expiry(STAFF_SESSION_SECONDS)
        return response
