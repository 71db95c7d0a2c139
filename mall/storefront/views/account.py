"""Coming in and going out: sign in, join, a new password, codes by text message."""

import ipaddress
import unicodedata
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import InvalidInput, ShopError
from mall.storefront.device import named_device
from mall.storefront.forms import (
    CodeLoginForm,
    PasswordLoginForm,
    PasswordResetForm,
    RegisterForm,
    SmsCodeForm,
    refuse,
)
from mall.storefront.going import asked_next, page_before
from mall.storefront.shopper import enter, leave, member_of
from members import services
from members.models import Member
from members.sandbox import last_sms_code
from members.services import CONSENT_VERSION
from promotions.services import note_registered

LOGIN_FORMS = {"code": CodeLoginForm, "password": PasswordLoginForm}
PHONE_COOKIE, PHONE_SECONDS = "phone", 600
DEMO_PASSWORD = "demo-mall-2026"  # noqa: S105 - printed on the page of the demo
DEMO_PHONES = ("13800000001", "13800000002", "13800000003", "13800000004")
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password", "code")
@never_cache
@GET_OR_POST
def login(request: HttpRequest) -> HttpResponse:
    """Sign in by a code or by a password; the guest's cart comes along."""
    if member_of(request) is not None:
        return redirect(landing(request))
    by = request.POST.get("by") or request.GET.get("by") or "code"
    by = by if by in LOGIN_FORMS else "code"
    form = LOGIN_FORMS[by](request.POST or None, initial=typed(request))
    if form.is_valid() and (member := proved(request, by, form)):
        return forget_phone(enter(request, member, landing(request)))
    context = {"form": form, "by": by, "next": asked_next(request), "demo": demo()}
    context["breadcrumb"] = [{"label": _("Sign in")}]
    return render(request, "members/login.html", context)


def proved(request: HttpRequest, by: str, form: Form) -> Member | None:
    """The member who the form proves to be; the refusal is written on it otherwise."""
    at = clock.now()
    try:
        if by == "code":
            return services.sign_in_code(**form.cleaned_data, at=at)
        return services.sign_in_password(**form.cleaned_data, client_ip=client_ip(request), at=at)
    except ShopError as error:
        refuse(form, error)
        return None


@sensitive_post_parameters("password", "code")
@never_cache
@GET_OR_POST
def register(request: HttpRequest) -> HttpResponse:
    """Join by a code."""
    if member_of(request) is not None:
        return redirect(landing(request))
    form = RegisterForm(request.POST or None, initial=typed(request))
    if form.is_valid() and (member := joined(form)):
        note_registered(visitor=named_device(request)[1], member_id=member.pk, at=clock.now())
        messages.success(request, _("Welcome to the market."))
        return forget_phone(enter(request, member, landing(request)))
    context = {"form": form, "next": asked_next(request)}
    context["breadcrumb"] = [{"label": _("Register")}]
    return render(request, "members/register.html", context)


def joined(form: Form) -> Member | None:
    """The new member; the refusal is written on the form otherwise."""
    given = form.cleaned_data
    try:
        return services.register(
            phone=given["phone"],
            code=given["code"],
            password=given["password"] or None,
            consent_version=CONSENT_VERSION,
            at=clock.now(),
        )
    except ShopError as error:
        refuse(form, error)
        return None


@sensitive_post_parameters("new_password", "code")
@never_cache
@GET_OR_POST
def password_reset(request: HttpRequest) -> HttpResponse:
    """A new password by a code; every other device is signed out."""
    form = PasswordResetForm(request.POST or None, initial=typed(request))
    if form.is_valid():
        try:
            services.reset_password(**form.cleaned_data, at=clock.now())
        except ShopError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The new password holds. Please sign in with it."))
            return forget_phone(redirect(f"{resolve_url('storefront:login')}?by=password"))
    context = {"form": form, "breadcrumb": [{"label": _("New password")}]}
    return render(request, "members/password_reset.html", context)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out on this browser."""
    if request.user.is_authenticated:
        leave(request)
    return redirect("storefront:home")


@sensitive_post_parameters()
@require_POST
def sms_code(request: HttpRequest) -> HttpResponse:
    """Send a code; JSON for the script, back to the form with the phone kept without it."""
    form = SmsCodeForm(request.POST)
    try:
        if not form.is_valid():
            return said(request, str(form.errors.get("phone", [_("Please try again.")])[0]), 400)
        wait = services.send_code(**form.cleaned_data, client_ip=client_ip(request), at=clock.now())
    except InvalidInput:
        return said(request, _("A mainland phone number has 11 digits and begins with 1."), 400)
    except ShopError as error:
        pause = error.facts.get("retry_after_seconds") or error.retry_after_seconds
        return said(request, str(error), error.http_status, pause)
    return said(request, sent_words(request, form.cleaned_data["phone"]), 200, wait)


def said(request: HttpRequest, words: str, status: int, wait: Any = None) -> HttpResponse:
    """The answer about a code, the way it was asked for."""
    if "application/json" in request.headers.get("Accept", ""):
        answer = {"detail": words, "retry_after_seconds": wait}
        return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})
    tell = messages.success if status == 200 else messages.error
    tell(request, words)
    response = redirect(page_before(request) or resolve_url("storefront:login"))
    response.set_signed_cookie(
        PHONE_COOKIE,
        digits_of(request.POST.get("phone", "")),
        max_age=PHONE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def digits_of(typed: str) -> str:
    """The digits of a number as typed, in ASCII: what a cookie can hold, full-width ones too."""
    plain = unicodedata.normalize("NFKC", typed[:20])
    return "".join(letter for letter in plain if letter in "0123456789")


def sent_words(request: HttpRequest, phone: str) -> str:
    """That the code is on its way; in the demo, on this machine, what it says."""
    code = last_sms_code(phone) if settings.DEMO and is_loopback(client_ip(request)) else None
    if code is None:
        return _("The code is on its way.")
    return _("Demo: the code is %(code)s.") % {"code": code}


def is_loopback(address: str) -> bool:
    """True for this very machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def typed(request: HttpRequest) -> dict[str, str]:
    """The phone that was typed when a code was asked for without script."""
    return {"phone": request.get_signed_cookie(PHONE_COOKIE, "", max_age=PHONE_SECONDS) or ""}


def forget_phone(response: HttpResponse) -> HttpResponse:
    """Drop the typed phone once it has served."""
    response.delete_cookie(PHONE_COOKIE, samesite="Lax")
    return response


def landing(request: HttpRequest) -> str:
    """Where a signed-in shopper lands: ``next`` when it is ours, else the front page."""
    return asked_next(request) or resolve_url("storefront:home")


def demo() -> dict[str, Any] | None:
    """The accounts to try the demo with."""
    if not settings.DEMO:
        return None
    names = (_("Regular"), _("Silver"), _("Gold"), _("Diamond"))
    return {"password": DEMO_PASSWORD, "accounts": list(zip(DEMO_PHONES, names, strict=True))}
