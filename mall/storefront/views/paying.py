"""Paying: choose how, go there, come back and wait for the provider's word."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.kernel.words import in_english
from mall.storefront.deals import provider_words
from mall.storefront.going import is_local, with_query
from mall.storefront.shopper import members_only, the_member
from orders import selectors, services
from orders.models import Order, Payment
from orders.presenting import deeds_open, order_dict, payment_dict

REDIRECT, QR = "redirect", "qr"


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def order_pay(request: HttpRequest, number: str) -> HttpResponse:
    """The ways to pay an order; POST starts one of them."""
    member, at = the_member(request), clock.now()
    if request.method == "POST":
        return start(request, number)
    order = selectors.order(member.pk, number)
    if "pay" not in deeds_open(order, at):
        return redirect("storefront:order", number)
    context = {"order": order_dict(order, at=at), "now": at, "providers": ways()}
    return render(request, "orders/cashier.html", context)


def start(request: HttpRequest, number: str) -> HttpResponse:
    """Open a payment and go where its provider says; back on its own page otherwise."""
    provider, _colon, scene = request.POST.get("provider", "").partition(":")
    begun = services.start_payment(
        order_number=number,
        member_id=the_member(request).pk,
        provider=provider[:15],
        scene=scene[:10],
        at=clock.now(),
    )
    if begun.action.type == REDIRECT and begun.action.url:
        return redirect(spoken(begun.action.url))
    return redirect("storefront:payment", begun.payment.payment_no)


def ways() -> list[dict[str, Any]]:
    """Providers in the order they are offered, the first one chosen."""
    return [
        {"code": code, "scene": scene, **provider_words(code), "chosen": place == 0}
        for place, (code, scene) in enumerate(services.ways_to_pay())
    ]


@require_safe
@members_only
def payment(request: HttpRequest, payment_no: str) -> HttpResponse:
    """How a payment stands; while it is pending the page asks again by itself."""
    at = clock.now()
    paid = selectors.payment(the_member(request).pk, payment_no)
    order = paid.order
    is_done = paid.status == Payment.Status.SUCCEEDED
    context = {
        "payment": payment_dict(paid),
        "order": {"number": order.number},
        "action": {} if paid.status != Payment.Status.PENDING else action(paid),
        "order_open": "pay" in deeds_open(order, at),
        "failure": failure(paid),
        "earned_points": order.points_earned if is_done else 0,
        "next_step": next_step(paid, order),
    }
    return render(request, "orders/payment.html", context)


def action(pending: Payment) -> dict[str, Any]:
    """What the shopper does next; a provider that is away leaves only the waiting."""
    try:
        found = services.payment_action(pending, at=clock.now())
    except ShopError:
        return {}
    url = spoken(found.url) if found.url else None
    return {"type": found.type, "url": url, "image": None}


def spoken(url: str) -> str:
    """A provider's address; the house's own cashier is told the language."""
    return with_query(url, lang=get_language()) if in_english() and is_local(url) else url


def failure(paid: Payment) -> str:
    """Why a payment failed, in words."""
    if paid.status != Payment.Status.FAILED:
        return ""
    return _("The payment was refused.")


def next_step(paid: Payment, order: Order) -> str:
    """What a payment that came too late, or twice, leads to."""
    if paid.is_surplus:
        return _("The order did not need this payment any more; the money is on its way back.")
    return ""
