"""Money for trouble, from the page of an order. Source: O-50."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from mall.kernel import clock
from mall.kernel.admin import VerbPage
from orders import services
from orders.admin.acting import actor_of, amount
from orders.admin.after_sale_forms import CompensationForm
from orders.models import Order


class CompensatesOrders:
    """Within the operator's limits at once, above them it waits for another's yes."""

    def has_compensate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("orders.add_compensation"))

    @action(description=_("Compensate"), permissions=["compensate"], icon="volunteer_activism")
    def compensate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How much, and why."""
        order = get_object_or_404(Order, pk=object_id)
        verb = partial(
            services.compensate,
            order_number=order.number,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=_("Compensate %(number)s") % {"number": order.number},
            form_class=CompensationForm,
            run=lambda typed: verb(**typed),
            done=_("Noted: within your limit it is paid, above it another operator decides."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=_("Compensate"),
            facts=((_("paid"), amount(order.paid_fen)),),
        )
        return page.answer(request, self)  # type: ignore[arg-type]
