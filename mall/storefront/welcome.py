"""The welcome of a new shopper: the coupon for the first order, offered once a day (P-04)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mall.storefront.shopper import member_of
from orders.selectors import has_bought
from promotions.models import Coupon
from promotions.presenting import coupon_dict
from promotions.selectors import welcome_coupon

WELCOME_COOKIE = "welcomed"
WELCOME_SECONDS = 60 * 60 * 24


def welcome(request: HttpRequest, offers: Iterable[Coupon]) -> dict[str, Any] | None:
    """The coupon of ``offers`` that a newcomer is shown, unless they saw it today or have bought.

    Queries: none with the cookie, nor without such a coupon; else 2 for a member.
    """
    if request.COOKIES.get(WELCOME_COOKIE):
        return None
    member = member_of(request)
    coupon = welcome_coupon(offers, member.pk if member else None)
    if coupon is None or (member is not None and has_bought(member.pk)):
        return None
    return {"coupon": coupon_dict(coupon), "is_guest": member is None}


def remember_welcome(response: HttpResponse) -> HttpResponse:
    """Leave the visitor alone for a day."""
    response.set_cookie(
        WELCOME_COOKIE,
        "1",
        max_age=WELCOME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
