"""Showing a code before something grave, then going back to it; another phone number."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront.forms import code_field, phone_field, refuse
from mall.storefront.going import asked_next, go
from mall.storefront.shopper import leave, members_only, the_member
from members import selectors, services
from members.errors import NeedVerification
from members.models import Proof

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_SUBJECT = 40


class VerifyForm(forms.Form):
    """One code; an app counts when the member has one."""

    method = forms.ChoiceField(
        label=gettext_lazy("Confirm by"),
        choices=Proof.Method.choices,
        initial=Proof.Method.SMS,
        required=False,
    )
    code = code_field()


class PhoneForm(forms.Form):
    """The new number and the code that was sent to it."""

    phone = phone_field()
    code = code_field()


@sensitive_post_parameters("code")
@GET_OR_POST
@members_only
def verify(request: HttpRequest) -> HttpResponse:
    """Show a code for the deed that was refused, and go back to it."""
    account = the_member(request).account
    form = VerifyForm(request.POST or None)
    if form.is_valid() and proved(request, form):
        messages.success(request, _("Thank you, it is you. Please do it again now."))
        return go(request, "me")
    context = {
        **asked(request),
        "form": form,
        "phone": account.phone or "",
        "has_app": selectors.has_authenticator(account.pk),
        "next": asked_next(request),
        "room": "",
        "breadcrumb": [{"label": _("Confirm that it is you")}],
    }
    return render(request, "members/verify.html", context)


def proved(request: HttpRequest, form: Form) -> bool:
    """Give the code in; the refusal is written on the form."""
    given = form.cleaned_data
    try:
        services.prove(
            account=the_member(request).account,
            **asked(request),
            method=given["method"] or Proof.Method.SMS,
            code=given["code"],
            at=clock.now(),
        )
    except ShopError as error:
        refuse(form, error)
        return False
    return True


def asked(request: HttpRequest) -> dict[str, Any]:
    """For which deed, and what about; an unknown one is a withdrawal's, which harms nobody."""
    given = request.POST if request.method == "POST" else request.GET
    deed = given.get("deed", "")
    known = deed if deed in Proof.Deed.values else Proof.Deed.WITHDRAW.value
    return {"deed": known, "subject": given.get("subject", "")[:LONGEST_SUBJECT]}


@sensitive_post_parameters("code")
@GET_OR_POST
@members_only
def phone(request: HttpRequest) -> HttpResponse:
    """Another phone number; every device is signed out, this one too."""
    form = PhoneForm(request.POST or None)
    if form.is_valid() and changed(request, form):
        leave(request)
        messages.success(request, _("The new number holds. Please sign in with it."))
        return redirect("storefront:login")
    context = {
        "form": form,
        "room": "",
        "is_proved": services.is_proved(
            account_id=the_member(request).account_id,
            deed=Proof.Deed.CHANGE_PHONE,
            at=clock.now(),
        ),
        "breadcrumb": [{"label": _("Phone number")}],
    }
    return render(request, "members/phone.html", context)


def changed(request: HttpRequest, form: Form) -> bool:
    """Take the new number; a refusal is written on the form. Raises: NeedVerification."""
    account = the_member(request).account
    try:
        services.change_phone(account=account, **form.cleaned_data, at=clock.now())
    except NeedVerification:
        raise
    except ShopError as error:
        refuse(form, error)
        return False
    return True
