"""Paying: choose how, go there, come back and wait for the provider's word."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inventory.presenting import arrival_dict
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import ShopError
from mall.kernel.money import yuan
from mall.kernel.words import in_english
from mall.storefront.assurances import assurances
from mall.storefront.deals import provider_words
from mall.storefront.device import footprint
from mall.storefront.going import is_local, with_query
from mall.storefront.shopper import members_only, the_member
from members.selectors import wallet_of
from orders import selectors, services
from orders.models import Order, Payment, PaymentFailure
from orders.presenting import deeds_open, order_dict, payment_dict
from orders.services import Payer

Reason = PaymentFailure.Reason
REDIRECT, QR = "redirect", "qr"
PHONE_SCENES = frozenset({"sandbox", "wallet", "h5", "wap"})
DESK_SCENES = frozenset({"sandbox", "wallet", "native", "page"})


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
    shape, promise = order_dict(order, at=at), selectors.arrival_of_order(order)
    arrival, days = arrival_dict(promise, max(at, order.placed_at)), selectors.return_days_of(order)
    offered = ways(request, member.pk, order)
    codes = [row["code"] for row in offered]
    context = {
        "order": shape,
        "assurances": assurances(shape, return_days=days, arrival=arrival, ways=codes),
        "now": at,
        "providers": offered,
    }
    return render(request, "orders/cashier.html", context)


def start(request: HttpRequest, number: str) -> HttpResponse:
    """Open a payment and go where its provider says; back on its own page otherwise."""
    provider, _colon, scene = request.POST.get("provider", "").partition(":")
    at, member_id = clock.now(), the_member(request).pk
    services.assess_payment(
        order_number=number, member_id=member_id, at=at, footprint=footprint(request)
    )
    opened = services.open_payment(
        order_number=number,
        member_id=member_id,
        provider=provider[:15],
        scene=scene[:10],
        at=at,
    )
    begun = services.begin_payment(opened, at=at, payer=payer(request, opened))
    if begun.action.type == REDIRECT and begun.action.url:
        return redirect(spoken(begun.action.url))
    return redirect("storefront:payment", opened.payment_no)


def ways(request: HttpRequest, member_id: int, order: Order) -> list[dict[str, Any]]:
    """The ways to pay that this browser can take, in the order they are offered; the balance when
    there is enough of it. Queries: 3."""
    balance_fen = wallet_of(member_id).available_fen
    scenes = PHONE_SCENES if "Mobile" in request.headers.get("User-Agent", "") else DESK_SCENES
    offered = services.ways_to_pay(balance_fen=balance_fen, due_fen=order.due_fen)
    rows = [
        {"code": code, "scene": scene, **provider_words(code), "chosen": False}
        for code, scene in offered
        if scene in scenes
    ]
    for row in rows:
        if row["code"] == "wallet":
            row["line"] = _("¥%(amount)s in it") % {"amount": yuan(balance_fen)}
    choose(rows, selectors.usual_provider(member_id), selectors.refused_providers(order))
    return rows


def choose(rows: list[dict[str, Any]], usual: str, refused: set[str]) -> None:
    """Mark the way that is taken unless the buyer says otherwise: the one of last time, but none
    that just failed while there is another."""
    for row in rows:
        if row["code"] in refused:
            row["line"] = _("Did not go through for this order")
    free = [row for row in rows if row["code"] not in refused] or rows
    for row in [*(row for row in free if row["code"] == usual), *free][:1]:
        row["chosen"] = True


def payer(request: HttpRequest, opened: Payment) -> Payer:
    """Who pays: where they come from, and the page they come back to."""
    page = reverse("storefront:payment", args=[opened.payment_no])
    return Payer(ip=client_ip(request), return_url=f"{settings.SITE_URL}{page}")


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
        "action": {} if paid.status != Payment.Status.PENDING else action(request, paid),
        "order_open": "pay" in deeds_open(order, at),
        "failure": failure(paid),
        "earned_points": order.points_earned if is_done else 0,
        "next_step": next_step(paid, order),
    }
    return render(request, "orders/payment.html", context)


def action(request: HttpRequest, pending: Payment) -> dict[str, Any]:
    """What the shopper does next; a provider that is away leaves only the waiting."""
    try:
        found = services.payment_action(pending, at=clock.now(), payer=payer(request, pending))
    except ShopError:
        return {}
    url = spoken(found.url) if found.url else None
    image = segno.make(found.code_url).svg_data_uri(scale=5) if found.code_url else None
    return {"type": found.type, "url": url, "image": image}


def spoken(url: str) -> str:
    """A provider's address; the house's own cashier is told the language."""
    return with_query(url, lang=get_language()) if in_english() and is_local(url) else url


def failure(paid: Payment) -> str:
    """Why a payment failed, in words."""
    if paid.status != Payment.Status.FAILED:
        return ""
    words = {
        Reason.LIMIT: _("The amount is over a limit of your account or card."),
        Reason.BALANCE: _("There is not enough money for it."),
        Reason.TIMEOUT: _("The time for it was over."),
        Reason.RISK: _("The provider stopped it for your safety."),
    }
    return words.get(Reason(selectors.failure_reason(paid)), _("The payment was refused."))


def next_step(paid: Payment, order: Order) -> str:
    """What a payment that came too late, or twice, leads to."""
    if paid.is_surplus:
        return _("The order did not need this payment any more; the money is on its way back.")
    return ""
