"""Our stores: where they are, the nearest first, when they are open, what is on there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inventory.presenting import near_store_dict, store_dict
from inventory.selectors import point_of, store_coded, stores_near
from mall.storefront.context import standing_of
from mall.storefront.shopper import member_of


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """Every store; the nearest to ``?latitude=&longitude=``, else to the member's region, first.

    Queries: 1.
    """
    member = member_of(request)
    query = request.GET
    here = point_of(query.get("latitude", ""), query.get("longitude", ""))
    region_code = standing_of(request, member).region_code if member else ""
    context = {
        "stores": [shown(near_store_dict(near)) for near in stores_near(here, region_code)],
        "is_placed": here is not None,
        "breadcrumb": [{"label": _("Our stores")}],
    }
    return render(request, "storefront/stores.html", context)


@require_safe
def store(request: HttpRequest, code: str) -> HttpResponse:
    """One store. Queries: 1."""
    shape = shown(store_dict(store_coded(code)))
    trail = [{"label": _("Our stores"), "url": reverse("storefront:stores")}]
    context = {"store": shape, "breadcrumb": [*trail, {"label": shape["title"]}]}
    return render(request, "storefront/store.html", context)


def shown(store: dict[str, Any]) -> dict[str, Any]:
    """A store with the link that opens its place on a map, in any map application."""
    latitude, longitude = f"{store['latitude']:.6f}", f"{store['longitude']:.6f}"
    metres = store["distance_m"]
    return {
        **store,
        "map_url": f"geo:{latitude},{longitude}",
        "coordinates": f"{latitude}, {longitude}",
        "distance": "" if metres is None else distance(metres),
    }


def distance(metres: int) -> str:
    """A distance as people say it."""
    if metres < 1000:
        return _("%(metres)s m") % {"metres": metres}
    return _("%(kilometres)s km") % {"kilometres": f"{metres / 1000:.1f}"}
