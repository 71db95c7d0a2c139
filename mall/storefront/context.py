"""What every page needs: who is here, what is in the cart, how the shop is called.

Queries: for a member 1 beside session and account, for a guest with a cart 1; the shop's own words
come from the cache, at most a minute old.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mall.kernel import clock, regions
from mall.storefront.popups import place_of
from mall.storefront.shopper import cart_owner, member_of
from mall.storefront.site import (
    deals,
    help_columns,
    navigation,
    news_bars,
    site,
)
from mall.storefront.views.preferences import chosen_region, theme_of
from members.models import Member
from members.presenting import member_dict
from orders.selectors import Standing, cart_pieces, standing
from promotions.presenting import policy_dicts
from promotions.selectors import has_pop_ups, search_words, site_words

STREET_DIGITS = 9


def shop(request: HttpRequest) -> dict[str, Any]:
    """``shell`` of docs/pages.md, worked out when the template first asks for it. Forms of a page
    that all share carry no token (docs/caching.md)."""
    found: dict[str, Any] = {"shell": SimpleLazyObject(lambda: shell(request))}
    if getattr(request, "is_shared", False):
        found["csrf_token"] = ""
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """Everything on a page that is not the page's own."""
    member = member_of(request)
    stand = standing_of(request, member) if member else None
    hot = hot_words()
    words = site_words()
    return {
        "theme": theme_of(request),
        "site": site(),
        "bars": news_bars(),
        "place": place_of(request) if has_pop_ups(clock.now()) else "",
        "member": member and _member(member, stand),
        "cart_count": stand.cart_pieces if stand else cart_pieces(cart_owner(request)),
        "region_label": _region(region_of(request, member)),
        "hot_words": hot,
        "search_hint": hot[0] if hot else "",
        "nav": navigation(request.get_full_path()),
        "deals": deals(request.path),
        "help": help_columns(words["help"]),
        "policies": policy_dicts(words["help"]),
    }


def hot_words() -> list[str]:
    """Search words that the shop suggests: pinned ones, then those that many search."""
    return search_words()


def standing_of(request: HttpRequest, member: Member) -> Standing:
    """The counts of a member's page head, asked once a request. Queries: 1."""
    found: Standing | None = getattr(request, "_standing", None)
    if found is None:
        found = standing(member.pk, clock.now())
        request._standing = found  # type: ignore[attr-defined]
    return found


def region_of(request: HttpRequest, member: Member | None) -> str:
    """Where the visitor wants parcels to go: the region they chose, else their default address;
    empty when nobody knows. Queries: those of `standing_of`, for a member who chose none."""
    chosen = chosen_region(request)
    if chosen or member is None:
        return chosen
    return standing_of(request, member).region_code


def _member(member: Member, stand: Standing | None) -> dict[str, Any]:
    unread, coupons = (stand.unread, stand.coupons) if stand else (0, 0)
    return member_dict(member, unread=unread, coupons_count=coupons)


def _region(code: str) -> str:
    """City and area of the default address; its street stays out."""
    names = regions.full_name(code)
    return " ".join((names[:-1] if len(code) == STREET_DIGITS else names)[-2:])
