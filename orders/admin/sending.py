"""What the order desk needs to send an order: which carrier to take, and a word to those who have
not paid. Source: requirements I-21, O-23."""

from datetime import timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from mall.kernel import clock
from mall.kernel.admin import VerbPage, run_verb
from orders import services
from orders.admin.acting import actor_of, amount
from orders.carriers.choosing import Ask
from orders.models import Carrier, Order
from orders.selectors import carriers_for

RATED_FOR = timedelta(days=90)
NAMED = 3
MOST_REMINDED = 50


def carrier_choices(order: Order) -> list[Ask]:
    """Carriers for what is left of an order, the one to take first. Queries: 5."""
    at = clock.now()
    grams = sum(
        services.left_to_ship(line) * line.sku.weight_grams
        for line in order.lines.select_related("sku")
        if line.sku is not None
    )
    hours = services.fulfilment_policy().sign_hours
    return carriers_for(
        region_code=order.region_code, grams=grams, hours=hours, start=at - RATED_FOR, at=at
    )


def advice(choices: list[Ask]) -> str:
    """The first few in words: 圆通速递 ¥8.00, 48 h."""
    names = dict(Carrier.objects.values_list("code", "title_zh"))
    told = [
        _("%(name)s %(cost)s, %(hours)s h")
        % {"name": names[one.code], "cost": amount(one.cost_fen), "hours": one.promise_hours}
        for one in choices[:NAMED]
    ]
    return "; ".join(told) or _("no carrier has a price for this region")


class Reminding:
    """For the order desk: a word to buyers whose orders wait to be paid, one or many."""

    def has_remind_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_order"))

    @action(
        description=gettext_lazy("Remind to pay"),
        permissions=["remind"],
        icon="notifications_active",
    )
    def remind(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One message; a second within the limit is refused."""
        order = get_object_or_404(Order, pk=object_id)
        page = VerbPage(
            title=_("Remind the buyer of %(number)s") % {"number": order.number},
            form_class=forms.Form,
            run=lambda _typed: self._verb(request, order)(),
            done=_("The buyer has been reminded."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=_("Remind"),
            facts=((_("to pay"), amount(order.due_fen)),),
        )
        return page.answer(request, cast(ModelAdmin, self))

    @action(description=gettext_lazy("Remind the chosen to pay"), permissions=["remind"])
    def remind_chosen(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """One message each; who was reminded already is named."""
        for order in queryset.order_by("pk")[:MOST_REMINDED]:
            done = _("%(number)s: the buyer has been reminded.") % {"number": order.number}
            run_verb(request, self._verb(request, order), done)

    def _verb(self, request: HttpRequest, order: Order) -> Any:
        return partial(
            services.remind_payment,
            order_number=order.number,
            actor=actor_of(request),
            at=clock.now(),
        )
