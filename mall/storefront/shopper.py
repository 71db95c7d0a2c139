"""Who stands in the shop: the member behind the session, the guest behind the cart's cookie."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import ShopError
from mall.storefront.going import page_before, with_query
from mall.storefront.refusals import OperatorHere
from members import services
from members.models import Member, SignIn
from orders.services import CartOwner, merge_cart

CART_COOKIE = "cart"
CART_SECONDS = 60 * 60 * 24 * 30
BACKEND = "members.backends.AccountBackend"

View = Callable[..., HttpResponse]


def member_of(request: HttpRequest) -> Member | None:
    """The signed-in shopper; None for guests, and for operators, who are guests here."""
    return getattr(getattr(request, "user", None), "member", None)


def the_member(request: HttpRequest) -> Member:
    """The shopper of a page that only members see."""
    return cast(Member, member_of(request))


def cart_owner(request: HttpRequest) -> CartOwner:
    """Whose cart this visitor fills."""
    member = member_of(request)
    if member is not None:
        return CartOwner(member_id=member.pk)
    return CartOwner(token=request.COOKIES.get(CART_COOKIE))


def remember_cart(response: HttpResponse, token: str | None) -> HttpResponse:
    """Give a new guest the cookie that opens the cart; scripts cannot read it."""
    if token:
        response.set_cookie(
            CART_COOKIE,
            token,
            max_age=CART_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def members_only(view: View) -> View:
    """Send guests to sign in, with the way back; refuse operators; let no cache keep the page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if member_of(request) is not None:
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response
        if request.user.is_authenticated:
            raise OperatorHere
        is_page = request.method in ("GET", "HEAD")
        back = request.get_full_path() if is_page else page_before(request)
        return redirect(with_query(resolve_url("storefront:login"), next=back or None))

    return guarded


def enter(request: HttpRequest, member: Member, to: str) -> HttpResponse:
    """Sign a proved member in on this browser: new session key, guest cart brought along."""
    at = clock.now()
    auth.login(request, member.account, backend=BACKEND)
    services.open_sign_in(
        account=member.account,
        door=SignIn.Door.WEB,
        handle=request.session.session_key or "",
        device=request.headers.get("User-Agent", ""),
        client_ip=client_ip(request),
        at=at,
    )
    services.edit_profile(member=member, language=get_language(), at=at)
    response = redirect(to)
    token = request.COOKIES.get(CART_COOKIE)
    if token:
        with suppress(ShopError):  # a cart that cannot come along is no reason to stay outside
            merge_cart(token=token, member_id=member.pk, at=at)
            response.delete_cookie(CART_COOKIE, samesite="Lax")
    return response


def leave(request: HttpRequest) -> None:
    """Sign out on this browser."""
    services.end_web_session(session_key=request.session.session_key or "", at=clock.now())
    auth.logout(request)
