"""Bargains: begin one, share it, help a friend's, buy at the price that friends have cut."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.money import yuan
from mall.storefront.bargains import bargain_context, bargain_goods, recent_bargains
from mall.storefront.beside import beside_goods
from mall.storefront.desk import whole
from mall.storefront.device import footprint, remember_device
from mall.storefront.shopper import member_of, members_only, the_member
from promotions.selectors import bargain_by_number
from promotions.services import help_attempt, help_bargain, noting_refusals, start_bargain


@require_safe
def bargains(request: HttpRequest) -> HttpResponse:
    """What can be bargained over, and the shopper's own bargains. Queries: 5, for a member 7, and
    the shell's."""
    member, at = member_of(request), clock.now()
    goods = bargain_goods(at)
    context = {
        "goods": goods,
        "related": beside_goods(request, goods, at),
        "mine": recent_bargains(member.pk, at) if member else [],
        "now": at,
        "breadcrumb": [{"label": _("Bargain")}],
    }
    return render(request, "storefront/bargains.html", context)


@require_POST
@members_only
def bargain_start(request: HttpRequest) -> HttpResponse:
    """Begin to bargain over a SKU, or go on with the bargain there is."""
    campaign_id, sku_id = (whole(request.POST.get(name)) for name in ("campaign_id", "sku_id"))
    if campaign_id is None or sku_id is None:
        raise NotFound
    member_id, at = the_member(request).pk, clock.now()
    start = start_bargain(campaign_id=campaign_id, sku_id=sku_id, member_id=member_id, at=at)
    return redirect("storefront:bargain", start.number)


@require_safe
def bargain(request: HttpRequest, number: str) -> HttpResponse:
    """How far it is cut and by whom; the owner shares and buys, friends help. Queries: 3 and the
    shell's."""
    member, at = member_of(request), clock.now()
    found = bargain_by_number(number)
    context = bargain_context(request, found, member.pk if member else None, at)
    context["breadcrumb"] = [
        {"label": _("Bargain"), "url": reverse("storefront:bargains")},
        {"label": context["card"]["name"]},
    ]
    response = render(request, "storefront/bargain.html", context)
    add_never_cache_headers(response)
    return remember_device(request, response)


@require_POST
@members_only
def bargain_help(request: HttpRequest, number: str) -> HttpResponse:
    """Cut the price once; a second click is told that it has been done."""
    member_id, at, here = the_member(request).pk, clock.now(), footprint(request)
    with noting_refusals(help_attempt(number, member_id, at, here)):
        cut = help_bargain(number=number, helper_id=member_id, at=at, footprint=here)
    said = _("Thank you: you cut ¥%(amount)s off the price.") % {"amount": yuan(cut.cut_fen)}
    messages.success(request, said)
    return redirect("storefront:bargain", number)
