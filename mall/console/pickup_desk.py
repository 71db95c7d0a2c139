"""The desk of a store: what waits there, making it ready, handing it over for its code. O-34."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.models import Store
from inventory.selectors import stores_of_staff
from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from mall.kernel.db import unsafe_reason
from mall.kernel.errors import ShopError
from mall.kernel.words import localized
from orders.models import Pickup
from orders.selectors import waiting_pickups
from orders.services import hand_over, ready_pickup

HAND_OVER = "orders.verify_pickup"
LONGEST_CODE = 40


@require_safe
@permission_required(HAND_OVER, raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """What waits in the operator's stores. Queries: 3 of its own."""
    stores = my_stores(request)
    waiting = waiting_pickups([store.pk for store in stores])
    context = {
        **admin.site.each_context(request),
        "title": _("Pick-up desk"),
        "stores": [{"id": store.pk, "title": localized(store, "title")} for store in stores],
        "chosen": request.GET.get("store", ""),
        "rows": [_row(pickup) for pickup in waiting],
    }
    return TemplateResponse(request, "admin/pickup_desk.html", context)


@require_POST
@permission_required(HAND_OVER, raise_exception=True)
def verify(request: HttpRequest) -> HttpResponse:
    """Hand over the order that the code belongs to."""
    store = asked_store(request)
    if store is None:
        messages.error(request, _("Choose one of your stores."))
        return redirect("admin:pickup_desk")
    code = request.POST.get("code", "")[:LONGEST_CODE]
    try:
        order = hand_over(
            store_id=store.pk,
            code="" if unsafe_reason(code) else code,
            actor=actor_of(request),
            at=clock.now(),
        )
    except ShopError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Order %(number)s is handed over.") % {"number": order.number})
    return redirect(f"{reverse('admin:pickup_desk')}?store={store.pk}")


@require_POST
@permission_required(HAND_OVER, raise_exception=True)
def ready(request: HttpRequest) -> HttpResponse:
    """Say that an order of the operator's stores lies ready: its buyer is told."""
    number = request.POST.get("number", "")
    mine = {row.order.number for row in waiting_pickups([s.pk for s in my_stores(request)])}
    if number in mine:
        verb = partial(ready_pickup, order_number=number, actor=actor_of(request), at=clock.now())
        run_verb(request, verb, _("Its buyer has been told."))
    else:
        messages.error(request, _("This order does not wait in your stores."))
    return redirect("admin:pickup_desk")


def my_stores(request: HttpRequest) -> list[Store]:
    """The stores where the operator works; the superuser works in all. Queries: 1."""
    operator = actor_of(request)
    return stores_of_staff(operator.pk, every=operator.is_superuser)


def asked_store(request: HttpRequest) -> Store | None:
    """The store of the form, when the operator works there."""
    asked = request.POST.get("store", "")
    return next((store for store in my_stores(request) if str(store.pk) == asked), None)


def _row(pickup: Pickup) -> dict[str, Any]:
    return {
        "pickup": pickup,
        "order": pickup.order,
        "store": localized(pickup.store, "title"),
        "goods": [
            {
                "title": localized(line, "title"),
                "code": line.parts_text or line.sku_code,
                "quantity": line.quantity,
            }
            for line in pickup.order.lines.all()
        ],
    }
