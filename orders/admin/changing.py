"""What operators change of an order: its price before it is paid, its address before it leaves."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.kernel import clock, regions
from mall.kernel.admin import VerbPage
from mall.kernel.db import refuse_unsafe_text
from mall.kernel.db.fields import YuanFormField
from members.models import PHONE
from orders import services
from orders.admin.acting import actor_of, amount
from orders.models import Order
from orders.services.readdressing import CHANGEABLE

MOST_HINTS = 5


class RepriceForm(forms.Form):
    """How much cheaper it gets."""

    field_order = ("off_fen", "freight_fen", "reason")

    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


def reprice_form(order: Order) -> type[RepriceForm]:
    """A RepriceForm that knows what the order costs now: neither part may cost more."""
    goods_fen = order.payable_fen - order.freight_fen
    fields = {
        "off_fen": YuanFormField(
            label=_("off the goods"),
            min_value=0,
            max_value=goods_fen,
            widget=UnfoldAdminTextInputWidget(),
        ),
        "freight_fen": YuanFormField(
            label=_("freight"),
            min_value=0,
            max_value=order.freight_fen,
            widget=UnfoldAdminTextInputWidget(),
        ),
    }
    return type("OrderRepriceForm", (RepriceForm,), fields)


class RegionField(forms.CharField):
    """A street or area, by its code or by its whole name; cleans to the code."""

    def clean(self, value: Any) -> str:
        """Raises: ValidationError with the places that begin with what was typed."""
        typed = "".join(str(super().clean(value)).split())
        if regions.is_deepest(typed):
            return typed
        found = regions.named(typed)
        names = ["".join(regions.full_name(code)) for code in found]
        if len(found) == 1 or typed in names:
            return found[0]
        hints = [f"{name} ({code})" for name, code in zip(names, found, strict=True)]
        raise forms.ValidationError(
            _("Name one street or area, or its code. %(hints)s"),
            params={"hints": "; ".join(hints[:MOST_HINTS])},
            code="region",
        )


class AddressForm(forms.Form):
    """Where the order goes instead."""

    receiver_name = forms.CharField(
        label=_("receiver"),
        max_length=40,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    receiver_phone = forms.CharField(
        label=_("receiver's phone"),
        max_length=11,
        validators=[PHONE],
        widget=UnfoldAdminTextInputWidget(),
    )
    region_code = RegionField(
        label=_("region"),
        max_length=120,
        help_text=_("As in 浙江省杭州市西湖区北山街道, or the code of the street."),
        widget=UnfoldAdminTextInputWidget(),
    )
    address_detail = forms.CharField(
        label=_("street and number"),
        max_length=120,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )


class ChangesOrders:
    """The two deeds of an order's page; mixed into its admin."""

    may_see_masked: Callable[[HttpRequest], bool]

    def has_reprice_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        may = request.user.has_perm("orders.reprice_order")
        return bool(may and "reprice" in changes_of(object_id))

    def has_readdress_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who changes an address reads the one it has: the whole phone number with it."""
        may = request.user.has_perm("orders.change_order") and self.may_see_masked(request)
        return bool(may and "readdress" in changes_of(object_id))

    @action(
        description=pgettext_lazy("deed", "Lower the price"),
        permissions=["reprice"],
        icon="price_change",
    )
    def reprice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Something off the goods or the freight of an order that nobody has paid."""
        order = get_object_or_404(Order, pk=object_id)
        verb = partial(
            services.reprice_order,
            order_number=order.number,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=_("Lower the price of %(number)s") % {"number": order.number},
            form_class=reprice_form(order),
            initial={"off_fen": 0, "freight_fen": order.freight_fen},
            run=lambda typed: verb(**typed),
            done=_("The order costs less now; the buyer has been told."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=pgettext_lazy("deed", "Lower the price"),
            facts=(
                (_("goods, after all offers"), amount(order.payable_fen - order.freight_fen)),
                (_("freight"), amount(order.freight_fen)),
                (_("payable"), amount(order.payable_fen)),
            ),
        )
        return page.answer(request, cast(ModelAdmin, self))

    @action(
        description=_("Change the address"), permissions=["readdress"], icon="edit_location_alt"
    )
    def readdress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The order goes elsewhere; its goods come from the warehouses that serve the place."""
        order = get_object_or_404(Order, pk=object_id)
        page = VerbPage(
            title=_("Change the address of %(number)s") % {"number": order.number},
            form_class=AddressForm,
            initial={
                "receiver_name": order.receiver_name,
                "receiver_phone": order.receiver_phone,
                "region_code": "".join(order.region_names),
                "address_detail": order.address_detail,
            },
            run=partial(_change_address, order, actor_of(request)),
            done=_("The address is changed; the buyer has been told."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=_("Change the address"),
            facts=((_("freight, as it was agreed"), amount(order.freight_fen)),),
        )
        return page.answer(request, cast(ModelAdmin, self))


def _change_address(order: Order, actor: Any, typed: Mapping[str, Any]) -> None:
    where = {name: value for name, value in typed.items() if name != "reason"}
    services.change_address(
        order_number=order.number,
        to=services.Destination(**where),
        reason=typed["reason"],
        actor=actor,
        at=clock.now(),
    )


def changes_of(object_id: str | None) -> tuple[str, ...]:
    """Which of the two deeds the state of an order leaves open; both where no order is named."""
    if object_id is None:
        return ("reprice", "readdress")
    order = Order.objects.filter(pk=object_id).first()
    if order is None or order.status not in CHANGEABLE or order.stage == Order.Stage.CLOSING:
        return ()
    cheaper = order.status == Order.Status.UNPAID and not order.deposit_fen
    carried = order.delivery == Order.Delivery.CARRIER
    return ("reprice",) * cheaper + ("readdress",) * carried
