"""The packing queue of a warehouse: gold and above first, then who paid first.

Source: requirements O-17, O-21.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from inventory.models import Warehouse
from mall.console.fulfilling.choosing import chosen_warehouse
from mall.kernel import clock
from mall.kernel.admin import actor_of, run_verb
from mall.kernel.words import localized
from orders import selectors, services
from orders.models import PickList

SEE, PACK = "orders.view_order", "orders.add_shipment"
PAGE = 50
MOST_CHOSEN = 200


@require_safe
@permission_required((SEE, PACK), raise_exception=True)
def show(request: HttpRequest) -> HttpResponse:
    """The orders of one warehouse, a page at a time. Queries: 10 of its own."""
    warehouses = list(selectors.shipping_warehouses())
    chosen = chosen_warehouse(request.GET.get("warehouse", ""), warehouses)
    waiting = selectors.waiting_by_warehouse()
    page = Paginator(selectors.packing_queue(chosen.pk if chosen else 0), PAGE).get_page(
        request.GET.get("page")
    )
    boxes = selectors.boxes_of(page.object_list, chosen.pk) if chosen else []
    context = {
        **admin.site.each_context(request),
        "title": _("Packing queue"),
        "warehouses": [_tab(one, waiting, chosen) for one in warehouses],
        "chosen": chosen,
        "page": page,
        "boxes": boxes,
        "homeless": selectors.without_stock().count(),
        "replacements": selectors.replacements_in(chosen.pk) if chosen else [],
        "at": clock.now(),
    }
    return TemplateResponse(request, "admin/packing.html", context)


@require_POST
@permission_required((SEE, PACK), raise_exception=True)
def make_list(request: HttpRequest) -> HttpResponse:
    """The chosen orders go on one list, which opens to be printed."""
    made: list[PickList] = []
    verb = _verb(request, services.make_pick_list)
    if run_verb(request, lambda: made.append(verb()), _("The pick list is made.")):
        return redirect("admin:print_picks", made[0].pk)
    return redirect(_back(request))


@require_POST
@permission_required((SEE, PACK), raise_exception=True)
def mark(request: HttpRequest) -> HttpResponse:
    """The chosen orders are packed."""
    number = len(_chosen_ids(request.POST))
    done = ngettext("%(n)s order is packed.", "%(n)s orders are packed.", number) % {"n": number}
    run_verb(request, _verb(request, services.mark_packed), done)
    return redirect(_back(request))


def _verb(request: HttpRequest, verb: Callable[..., Any]) -> Callable[[], Any]:
    return partial(
        verb,
        order_ids=_chosen_ids(request.POST),
        warehouse=get_object_or_404(Warehouse, code=request.POST.get("warehouse", "")[:20]),
        actor=actor_of(request),
        at=clock.now(),
    )


def _chosen_ids(posted: QueryDict) -> list[int]:
    texts = posted.getlist("order")[:MOST_CHOSEN]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _back(request: HttpRequest) -> str:
    code = QueryDict(mutable=True)
    code["warehouse"] = request.POST.get("warehouse", "")[:20]
    return f"{reverse('admin:packing')}?{code.urlencode()}"


def _tab(one: Warehouse, waiting: dict[int, int], chosen: Warehouse | None) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": localized(one, "title"),
        "count": waiting.get(one.pk, 0),
        "current": one == chosen,
    }
