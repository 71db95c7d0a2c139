"""The checkout: choose, see every step of the price, order once however often the button is hit."""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mall.kernel import clock
from mall.kernel.errors import NotFound, ShopError
from mall.kernel.idempotency import Answer, InFlight, Key, KeyReused, run_once
from mall.storefront.desk import Choice, desk_context, whole
from mall.storefront.device import footprint, remember_device
from mall.storefront.forms import CheckoutForm
from mall.storefront.journey import journey_of
from mall.storefront.refusals import sentence
from mall.storefront.shopper import members_only, the_member
from orders.errors import QuoteChanged
from orders.models import Order
from orders.selectors import last_invoice
from orders.services import Collect, Submission, admitted, place_order

ROUTE = "web/orders"
TRIES, PAUSE_SECONDS = 12, 0.25
NO_HASH = "none"


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def checkout(request: HttpRequest) -> HttpResponse:
    """GET what it would cost; POST ``do=requote`` after a choice, ``do=place`` to order."""
    if request.POST.get("do") == "place":
        return place(request)
    sent = request.POST.dict() if request.method == "POST" else first_words(request)
    return desk(request, CheckoutForm(initial=sent))


def place(request: HttpRequest) -> HttpResponse:
    """Order, then go and pay; what stands against it is said on the same page."""
    form, choice = CheckoutForm(request.POST), Choice.read(request.POST)
    if not (choice.address_id or choice.is_collected):
        form.add_error(None, _("Where should it go? Add an address first."))
    if not form.is_valid():
        return desk(request, form)
    try:
        answer = patiently(request, choice, form)
    except QuoteChanged:
        return desk(request, form, seen_fen=whole(request.POST.get("seen_fen")) or 0)
    except (KeyReused, InFlight):
        messages.warning(request, _("This order has been sent already. Here it is."))
        return redirect("storefront:orders")
    except ShopError as error:
        form.add_error(None, gone() if isinstance(error, NotFound) else told(error))
        return desk(request, form)
    to = "order_pay" if answer.body["payable_fen"] else "order"
    return redirect(f"storefront:{to}", answer.body["number"])


def desk(request: HttpRequest, form: CheckoutForm, *, seen_fen: int | None = None) -> HttpResponse:
    """The checkout page; a basket with nothing to order leads back to the cart."""
    try:
        context = desk_context(request, the_member(request), form, clock.now(), seen_fen=seen_fen)
    except ShopError as error:
        messages.error(request, told(error))
        return redirect("storefront:cart")
    return remember_device(request, render(request, "orders/checkout.html", context))


def told(error: ShopError) -> str:
    """A refusal as a sentence. Raises: NotFound, which has a page of its own."""
    if isinstance(error, NotFound):
        raise error
    return sentence(error)


def gone() -> str:
    """What another tab, or the shop, has taken away since the page was drawn."""
    return _("Something you chose is no longer there. Please look again.")


def patiently(request: HttpRequest, choice: Choice, form: CheckoutForm) -> Answer:
    """Place once; the second click of two waits for the first one's answer. Raises: as run_once."""
    at, member = clock.now(), the_member(request)
    key = Key.read(
        account_id=member.account_id, route=ROUTE, value=choice.token, body=sent(request)
    )
    what = submission(request, choice, form)
    with admitted(member.pk, what.wanted, at=at, footprint=what.footprint):
        for _n in range(TRIES):
            try:
                return run_once(
                    key,
                    verb=lambda: place_order(member_id=member.pk, submission=what, at=at),
                    render=rendered,
                    at=at,
                )
            except InFlight:
                time.sleep(PAUSE_SECONDS)
        raise InFlight


def sent(request: HttpRequest) -> dict[str, str]:
    """The form as it was sent, but for what changes with every sending."""
    return {
        name: value for name, value in request.POST.dict().items() if name != "csrfmiddlewaretoken"
    }


def submission(request: HttpRequest, choice: Choice, form: CheckoutForm) -> Submission:
    """What is ordered; a form without the quote that was shown never matches one."""
    return Submission(
        address_id=choice.address_id,
        collect=collect(choice, form),
        journey=journey_of(request),
        footprint=footprint(request),
        wanted=choice.wanted,
        quote_hash=request.POST.get("quote_hash") or NO_HASH,
        coupon_grant_ids=choice.grant_ids,
        points=choice.points,
        gift_skus=choice.gift_skus,
        note=form.cleaned_data["note"],
        invoice=form.invoice() or None,
        source=Order.Source.WEB,
    )


def collect(choice: Choice, form: CheckoutForm) -> Collect | None:
    """Where it is fetched, and by whom; None for what is sent."""
    if not choice.is_collected:
        return None
    values = form.cleaned_data
    return Collect(choice.store_id or 0, values["receiver_name"], values["receiver_phone"])


def first_words(request: HttpRequest) -> dict[str, str]:
    """What the form knows before anything was typed: the member, and the invoice of last time.
    Queries: 1."""
    member = the_member(request)
    asked = last_invoice(member.pk)
    names = ("title", "tax_no", "email")
    return {
        "receiver_name": member.nickname,
        "receiver_phone": member.account.phone or "",
        **{f"invoice_{name}": asked.get(name, "") for name in names},
    }


def rendered(order: Order) -> Answer:
    """What is kept of a placed order to send the same form to it again."""
    body: dict[str, Any] = {"number": order.number, "payable_fen": order.payable_fen}
    return Answer(201, body)
