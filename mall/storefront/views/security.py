"""What guards an account: the phone number, and an authenticator app set up by its picture."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront.forms import AppForm, refuse
from mall.storefront.shopper import members_only, the_member
from members import selectors, services
from members.services import NewSecret

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("code")
@GET_OR_POST
@members_only
def security(request: HttpRequest) -> HttpResponse:
    """Phone and app; a secret is shown in the answer that makes it, and never again."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if request.method == "POST" and deed is not None:
        return deed(request)
    return _page(request)


def _add(request: HttpRequest) -> HttpResponse:
    """A fresh secret, as a picture and as text. Raises: NeedVerification."""
    made = services.add_authenticator(account=the_member(request).account, at=clock.now())
    return _page(request, made=made)


def _confirm(request: HttpRequest) -> HttpResponse:
    """The app shows the right code; a refusal is written on the form."""
    form = AppForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        services.confirm_authenticator(
            account=the_member(request).account, code=form.cleaned_data["code"], at=clock.now()
        )
    except ShopError as error:
        refuse(form, error)
        return _page(request, form=form)
    messages.success(request, _("The app is set up: its codes confirm what is grave."))
    return redirect("storefront:security")


def _remove(request: HttpRequest) -> HttpResponse:
    """From now on codes come by text message only. Raises: NeedVerification."""
    services.remove_authenticator(account=the_member(request).account, at=clock.now())
    messages.success(request, _("The app is taken off."))
    return redirect("storefront:security")


DEEDS = {"add": _add, "confirm": _confirm, "remove": _remove}


def _page(
    request: HttpRequest, *, made: NewSecret | None = None, form: AppForm | None = None
) -> HttpResponse:
    account = the_member(request).account
    context: dict[str, Any] = {
        "phone": account.phone_masked,
        "has_app": selectors.has_authenticator(account.pk),
        "waits": made is not None or form is not None,
        "secret": made and made.text,
        "picture": made and segno.make(made.uri).svg_data_uri(scale=5, light="white"),
        "form": form or AppForm(),
        "room": "",
        "breadcrumb": [{"label": _("Account security")}],
    }
    return render(request, "members/security.html", context)
