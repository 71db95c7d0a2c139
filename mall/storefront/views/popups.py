"""What comes up over a page: asked by script once it stands still, noted when seen and closed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.storefront.blocks import in_this_language
from mall.storefront.context import region_of
from mall.storefront.device import remember_device
from mall.storefront.popups import viewer_of
from mall.storefront.shopper import member_of
from promotions.models import PopUp
from promotions.presenting import pop_up_dict
from promotions.selectors import pop_ups
from promotions.services import note_closed, note_shown


@require_safe
def pop_up(request: HttpRequest) -> HttpResponse:
    """The first pop-up for this page and visitor as a piece of page; empty when there is none.

    Queries: 1 to 4.
    """
    place = request.GET.get("place", "")
    shape = first_of(request, place) if place in PopUp.Place.values else None
    context = {"popup": shape and {**shape, "url": in_this_language(shape["link"])}}
    response = render(request, "storefront/popup.html", context)
    add_never_cache_headers(response)
    return remember_device(request, response)


def first_of(request: HttpRequest, place: str) -> dict[str, Any] | None:
    """The pop-up that comes first at a place for who asks."""
    member = member_of(request)
    rows = pop_ups(
        place=place,
        at=clock.now(),
        viewer=viewer_of(request),
        member=member,
        region_code=region_of(request, member),
    )
    return pop_up_dict(rows[0]) if rows else None


@require_POST
def pop_up_shown(request: HttpRequest, popup_id: int) -> HttpResponse:
    """Count a sight: 204 when it may be shown, 409 when this visitor has seen it enough."""
    viewer = viewer_of(request)
    may = bool(viewer) and note_shown(popup_id=popup_id, viewer=viewer, at=clock.now())
    return HttpResponse(status=204 if may else 409)


@require_POST
def pop_up_closed(request: HttpRequest, popup_id: int) -> HttpResponse:
    """Keep in mind that it was closed."""
    viewer = viewer_of(request)
    if viewer:
        note_closed(popup_id=popup_id, viewer=viewer, at=clock.now())
    return HttpResponse(status=204)
