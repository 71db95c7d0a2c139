"""What a packer does not find, from the page of an order. Source: O-17, O-26."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from inventory.models import Warehouse
from mall.kernel import clock
from mall.kernel.admin import VerbPage
from orders import services
from orders.admin.acting import actor_of
from orders.models import Order


def _form_for(order: Order) -> type[forms.Form]:
    """The warehouses where its goods should lie."""
    houses = [house.pk for house in services.holding_houses(order)]
    field = forms.ModelChoiceField(
        label=gettext_lazy("looked for in"),
        queryset=Warehouse.objects.filter(pk__in=houses),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    return type("MissingForm", (forms.Form,), {"warehouse": field})


class MissesGoods:
    """For who packs: the goods come from another warehouse, or somebody is told; the shelf is
    counted."""

    def has_not_there_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.add_shipment"))

    @action(description=gettext_lazy("Not there"), permissions=["not_there"], icon="search_off")
    def not_there(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Where it was looked for."""
        order = get_object_or_404(Order, pk=object_id)
        said: list[str] = []

        def report(typed: Any) -> None:
            moved = services.report_missing(
                order_number=order.number, actor=actor_of(request), at=clock.now(), **typed
            )
            said.append(_said(moved, typed["warehouse"]))

        page = VerbPage(
            title=_("Goods of %(number)s are not there") % {"number": order.number},
            form_class=_form_for(order),
            run=report,
            done=lazy(lambda: said[-1], str)(),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=gettext_lazy("Not there"),
        )
        return page.answer(request, self)  # type: ignore[arg-type]


def _said(moved: bool, warehouse: Warehouse) -> str:
    if not moved:
        return _("No other warehouse can send them: a task says so to whoever sees to it.")
    if warehouse.kind == Warehouse.Kind.SUPPLIER:
        return _("Another warehouse sends them.")
    return _(
        "Another warehouse sends them. Here they are set aside as defective, and a stocktake of the"
        " shelf is open: count it."
    )
