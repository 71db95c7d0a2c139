"""The coupon centre, codes typed in, and links to share."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.kernel.words import localized
from mall.storefront.beside import beside_coupons
from mall.storefront.blocks import coupon_offers
from mall.storefront.device import footprint, remember_device
from mall.storefront.forms import RedeemForm, refuse
from mall.storefront.going import go_back, is_local
from mall.storefront.shopper import member_of, members_only, the_member
from members.presenting import nickname_masked
from promotions.metrics import Position
from promotions.models import Coupon
from promotions.selectors import can_share, claimable_coupons, share_link
from promotions.services import (
    Visit,
    claim_attempt,
    claim_coupon,
    credit_visit,
    noting_refusals,
    open_share_link,
    redeem_attempt,
    redeem_code,
    share_attempt,
)

View = Callable[..., HttpResponse]


def known_device(view: View) -> View:
    """Give the visitor's device its cookie."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return remember_device(request, view(request, *args, **kwargs))

    return marked


@require_safe
@known_device
def coupons(request: HttpRequest) -> HttpResponse:
    """Coupons that are given out now, and which of them the shopper has; what goes with the goods
    that one is for."""
    member, at = member_of(request), clock.now()
    rows = claimable_coupons(member.pk if member else None, at)
    context = {
        "offers": coupon_offers(rows, at),
        "can_share": can_share(at),
        "related": beside_coupons(request, rows, at),
        "breadcrumb": [{"label": _("Coupon centre")}],
    }
    return render(request, "storefront/coupons.html", context)


@require_POST
@members_only
def coupon_claim(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """Take one copy of a coupon."""
    member, at, whence = the_member(request), clock.now(), footprint(request)
    with noting_refusals(claim_attempt(coupon_id, member.pk, whence, at)):
        claim_coupon(
            coupon_id=coupon_id,
            member_id=member.pk,
            at=at,
            visit=Visit(whence, position_of(request)),
        )
    messages.success(request, _("The coupon is yours."))
    return go_back(request, "coupons")


def position_of(request: HttpRequest) -> Position | None:
    """Where the shopper's device says it is; nothing for what is no place on earth."""
    try:
        latitude = Decimal(request.POST.get("latitude", "")[:12])
        longitude = Decimal(request.POST.get("longitude", "")[:12])
        return Position(latitude, longitude)
    except (InvalidOperation, ValueError):
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@known_device
def coupon_redeem(request: HttpRequest) -> HttpResponse:
    """Type in a code; a group's link brings the code and the group along."""
    if request.method == "POST":
        return redeem(request, RedeemForm(request.POST))
    brought = {"code": request.GET.get("code", ""), "channel": request.GET.get("from", "")}
    return redeem_page(request, RedeemForm(initial=brought))


@members_only
def redeem(request: HttpRequest, form: RedeemForm) -> HttpResponse:
    """Redeem what was typed; a refusal is said above it."""
    member, at, whence = the_member(request), clock.now(), footprint(request)
    if not form.is_valid():
        return redeem_page(request, form)
    try:
        with noting_refusals(redeem_attempt(None, member.pk, whence, at)):
            redeem_code(**form.cleaned_data, member_id=member.pk, footprint=whence, at=at)
    except ShopError as refusal:
        refuse(form, refusal)
        return redeem_page(request, form)
    messages.success(request, _("The coupon is yours."))
    return redirect("storefront:my_coupons")


def redeem_page(request: HttpRequest, form: RedeemForm) -> HttpResponse:
    """The page with the one field."""
    context = {"form": form, "breadcrumb": [{"label": _("Redeem a code")}]}
    return render(request, "storefront/coupon_redeem.html", context)


@require_POST
@members_only
def coupon_share(request: HttpRequest) -> HttpResponse:
    """Make the member's link to a page of the shop, to be sent to friends."""
    path = request.POST.get("path", "/")
    link = open_share_link(
        member_id=the_member(request).pk, path=path if is_local(path) else "/", at=clock.now()
    )
    return redirect("storefront:coupon_visit", token=link.token)


@require_http_methods(["GET", "HEAD", "POST"])
@known_device
def share(request: HttpRequest, token: str) -> HttpResponse:
    """A shared link: its owner copies it, a friend takes what it offers and goes on."""
    link = share_link(token)
    if request.method == "POST":
        return take_share(request, token)
    member = member_of(request)
    context = {
        "path": link.path,
        "sender": nickname_masked(link.member.nickname),
        "sharer_gets": title_of(link.rule.sharer_coupon),
        "visitor_gets": title_of(link.rule.visitor_coupon),
        "is_own": member is not None and member.pk == link.member_id,
        "address": request.build_absolute_uri(),
        "breadcrumb": [{"label": _("Share")}],
    }
    return render(request, "storefront/coupon_share.html", context)


def title_of(coupon: Coupon | None) -> str:
    """What a coupon is called; nothing when there is none."""
    return "" if coupon is None else localized(coupon, "title")


@members_only
def take_share(request: HttpRequest, token: str) -> HttpResponse:
    """Credit the visit, once a pair, and go on to the page that was shared."""
    member, at, whence = the_member(request), clock.now(), footprint(request)
    link = share_link(token)
    with noting_refusals(share_attempt(link, member.pk, whence, at)):
        credit = credit_visit(token=token, visitor_id=member.pk, footprint=whence, at=at)
    if credit is not None:
        messages.success(request, _("Thank you for coming: look into your coupons."))
    return redirect(link.path)
