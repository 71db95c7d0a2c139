"""Pop-ups of the web: which page this is, who looks (a member, or the device's cookie)."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from mall.storefront.device import footprint
from mall.storefront.shopper import member_of

PLACES = {
    "home": "home",
    "category": "listing",
    "brand": "listing",
    "search": "listing",
    "product": "product",
    "cart": "cart",
    "topic": "topic",
}


def place_of(request: HttpRequest) -> str:
    """The kind of page, for pop-ups; empty where none may come up (checkout, orders, sign-in)."""
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return ""
    return PLACES.get(match.url_name or "", "") if match.namespaces == ["storefront"] else ""


def viewer_of(request: HttpRequest) -> str:
    """Whom sights are counted for: the member, else the device; empty when neither is known."""
    member = member_of(request)
    return f"m{member.pk}" if member else footprint(request).device
