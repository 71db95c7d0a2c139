"""The invoice that a buyer asked for, put right by the desk. Source: O-12."""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.kernel import clock
from mall.kernel.admin import VerbPage
from mall.kernel.db import refuse_unsafe_text
from orders import services
from orders.admin.acting import actor_of, amount
from orders.models import Order

PERSONAL, COMPANY = "personal", "company"
SAID = ("kind", "title", "tax_no", "email")


class InvoiceForm(forms.Form):
    """What the invoice is to say, and why it changes."""

    KINDS = ((PERSONAL, _("Personal")), (COMPANY, _("Company")))

    kind = forms.ChoiceField(
        label=_("invoice kind"), choices=KINDS, widget=UnfoldAdminSelectWidget()
    )
    title = forms.CharField(
        label=_("invoice title"),
        max_length=100,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    tax_no = forms.CharField(
        label=_("tax number"),
        max_length=20,
        required=False,
        help_text=_("A company's invoice needs its tax number."),
        widget=UnfoldAdminTextInputWidget(),
    )
    email = forms.EmailField(
        label=_("invoice e-mail"), required=False, widget=UnfoldAdminTextInputWidget()
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )

    def clean(self) -> dict[str, Any]:
        """A company has a tax number that checks."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("kind") == COMPANY and not services.is_tax_no(typed.get("tax_no") or ""):
            self.add_error("tax_no", _("This is no tax number of a company."))
        return typed


class CorrectsInvoices:
    """A deed of an order's page; mixed into its admin."""

    def has_change_invoice_permission(
        self, request: HttpRequest, object_id: str | None = None
    ) -> bool:
        """Where one was asked for and something is left to bill."""
        if not request.user.has_perm("orders.change_order"):
            return False
        if object_id is None:
            return True
        order = Order.objects.filter(pk=object_id, invoice__isnull=False).first()
        return order is not None and order.is_billable

    @action(
        description=_("Correct the invoice"), permissions=["change_invoice"], icon="receipt_long"
    )
    def change_invoice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Another name, number or address on the invoice that was asked for."""
        order = get_object_or_404(Order, pk=object_id)
        page = VerbPage(
            title=_("Correct the invoice of %(number)s") % {"number": order.number},
            form_class=InvoiceForm,
            initial=order.invoice,
            run=partial(_change_invoice, order, actor_of(request)),
            done=_("The invoice is corrected; the buyer sees it on the order."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=_("Correct the invoice"),
            facts=((_("to be billed"), amount(order.payable_fen - order.refunded_fen)),),
        )
        return page.answer(request, cast(ModelAdmin, self))


def _change_invoice(order: Order, actor: Any, typed: Mapping[str, Any]) -> None:
    services.change_invoice(
        order_number=order.number,
        invoice={name: typed[name] for name in SAID if typed[name]},
        reason=typed["reason"],
        actor=actor,
        at=clock.now(),
    )
