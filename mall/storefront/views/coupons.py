"""The coupon centre."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.storefront.blocks import coupon_offers
from mall.storefront.going import go_back
from mall.storefront.shopper import member_of, members_only, the_member
from promotions.selectors import claimable_coupons
from promotions.services import claim_coupon


@require_safe
def coupons(request: HttpRequest) -> HttpResponse:
    """Coupons that are given out now, and which of them the shopper has."""
    member = member_of(request)
    rows = claimable_coupons(member.pk if member else None, clock.now())
    context = {"offers": coupon_offers(rows), "breadcrumb": [{"label": _("Coupon centre")}]}
    return render(request, "storefront/coupons.html", context)


@require_POST
@members_only
def coupon_claim(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """Take one copy of a coupon."""
    claim_coupon(coupon_id=coupon_id, member_id=the_member(request).pk, at=clock.now())
    messages.success(request, _("The coupon is yours."))
    return go_back(request, "coupons")
