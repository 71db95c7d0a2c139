"""The second step at the operators' door: a code of an app, after the password (ATK-59).

Who has no app yet sets one up here, by its picture, before anything else opens. The answer is kept
in the session, which ends with the working day.
"""

from typing import Any

import segno
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mall import staff
from mall.kernel import clock
from mall.kernel.errors import ShopError
from members import selectors, services
from members.models import Account

SHOWN = "second_factor_of"
"""The session's word that this account has shown a code."""
LONGEST = 12


def is_open(request: HttpRequest) -> bool:
    """True for an operator who needs no second step, or has taken it in this session."""
    if not staff.needs_second_factor():
        return True
    return bool(request.session.get(SHOWN) == request.user.pk)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Ask for the code; whoever has no app gets a picture to set one up."""
    account = request.user
    if not (isinstance(account, Account) and account.is_active and account.is_staff):
        return redirect("admin:login")
    if is_open(request):
        return redirect(_onward(request))
    has_app = selectors.has_authenticator(account.pk)
    if request.method == "POST":
        return _judge(request, account, has_app)
    made = None if has_app else services.enrol_app(account=account, at=clock.now())
    picture = made and segno.make(made.uri).svg_data_uri(scale=5, light="white")
    return _page(request, has_app, secret=made and made.text, picture=picture)


def _judge(request: HttpRequest, account: Account, has_app: bool) -> HttpResponse:
    """A right code opens the door; a refusal is said on the same page."""
    verb = services.show_app_code if has_app else services.confirm_authenticator
    code = request.POST.get("code", "").replace(" ", "")[:LONGEST]
    try:
        verb(account=account, code=code, at=clock.now())
    except ShopError as error:
        return _page(request, has_app, refusal=str(error))
    request.session[SHOWN] = account.pk
    return redirect(_onward(request))


def _page(request: HttpRequest, has_app: bool, **more: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Second step"),
        "has_app": has_app,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        **more,
    }
    return render(request, "admin/second_factor.html", context)


def _onward(request: HttpRequest) -> str:
    """Where the operator wanted to go, within this site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:index")
