"""Waiting for what is sold out: asked for on the product page, listed among the member's rooms.

Plain forms: they work without script. Source: requirement I-08.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory import services
from inventory.models import StockWatch
from inventory.selectors import watches_of
from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.going import go_back
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from mall.storefront.views.me import trail


@require_POST
@members_only
def watch(request: HttpRequest, sku_id: int) -> HttpResponse:
    """Wait for a sold-out SKU."""
    services.watch_sku(sku_id=sku_id, account_id=the_member(request).account_id, at=clock.now())
    messages.success(request, _("We tell you once when it is back."))
    return go_back(request, "watches")


@require_POST
@members_only
def unwatch(request: HttpRequest, sku_id: int) -> HttpResponse:
    """Wait no longer."""
    services.unwatch_sku(sku_id=sku_id, account_id=the_member(request).account_id)
    return go_back(request, "watches")


@require_safe
@members_only
def watches(request: HttpRequest) -> HttpResponse:
    """What the member waits for."""
    rows, page = page_of(request, watches_of(the_member(request).account_id))
    context = {
        "watches": [shape(row) for row in rows],
        "page": page,
        "room": "watches",
        "breadcrumb": trail(_("Back-in-stock wishes")),
    }
    return render(request, "members/watches.html", context)


def shape(row: StockWatch) -> dict[str, object]:
    """One wish as the page shows it."""
    return {
        "sku_id": row.sku_id,
        "product_id": row.sku.product_id,
        "title": localized(row.sku.product, "title"),
        "code": row.sku.code,
        "at": row.asked_at,
    }
