"""A shopper's orders: the list, one with its story, and what can still be done with it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.presenting import arrival_dict
from mall.kernel import clock
from mall.kernel.db import unsafe_reason
from mall.kernel.words import localized
from mall.storefront.deals import headline, pay_label, progress, team_url, with_traces
from mall.storefront.forms import CancelForm, InvoiceForm
from mall.storefront.given import given_with
from mall.storefront.links import tabs
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from orders import selectors, services
from orders.models import Order
from orders.presenting import case_link, deeds_open, order_dict, problem_text

TABS = {
    "": "",
    "unpaid": Order.Status.UNPAID,
    "to_ship": selectors.TO_SHIP,
    "to_receive": Order.Status.SHIPPED,
    "to_review": selectors.TO_REVIEW,
    "hidden": selectors.HIDDEN,
}
MOST_SEARCHED = 60


@require_safe
@members_only
def orders(request: HttpRequest) -> HttpResponse:
    """The list under one tab. Queries: the same for two orders and for fifty."""
    member, at = the_member(request), clock.now()
    tab, query = request.GET.get("tab", ""), searched(request)
    found = selectors.orders_of(member.pk, status=TABS.get(tab, ""), q=query)
    rows, page = page_of(request, found)
    context = {
        "query": query,
        "tab": tab if tab in TABS else "",
        "orders": [order_dict(row, at=at) for row in rows],
        "tabs": tabs(request, tab if tab in TABS else "", entries(member.pk)),
        "page": page,
        "room": "orders",
        "breadcrumb": trail(_("My orders")),
    }
    return render(request, "orders/list.html", context)


def entries(member_id: int) -> list[tuple[str, str, int]]:
    """The tabs with what waits under them. Queries: 1."""
    counts = selectors.order_counts(member_id)
    return [
        ("", _("All"), 0),
        ("unpaid", _("To pay"), counts["unpaid"]),
        ("to_ship", _("To ship"), counts["paid"]),
        ("to_receive", _("On the way"), counts["shipped"]),
        ("to_review", _("To review"), counts["to_review"]),
        ("hidden", _("Hidden"), 0),
    ]


def searched(request: HttpRequest) -> str:
    """The number or the words that orders are looked for by; nothing for what cannot be stored."""
    text = request.GET.get("q", "").strip()[:MOST_SEARCHED]
    return "" if unsafe_reason(text) else text


@require_safe
@members_only
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it is, its parcels, its receipt, what happened."""
    at = clock.now()
    found = selectors.order(the_member(request).pk, number)
    shape = with_traces(order_dict(found, at=at))
    is_over = found.received_at is not None or found.status == Order.Status.CLOSED
    context = {
        "order": shape,
        "status": headline(found, at),
        "progress": progress(found),
        "team_url": team_url(found),
        "pay_label": pay_label(found),
        "earned_points": 0 if is_over else found.points_earned,
        "given": given_with(found),
        "cases": [case_link(case) for case in selectors.cases_of(found.pk)],
        "arrival": None if is_over else coming(found, at),
        "now": at,
        "breadcrumb": trail(_("My orders"), _("Order")),
    }
    return render(request, "orders/detail.html", context)


def coming(order: Order, at: datetime) -> dict[str, Any] | None:
    """When an order that is not here yet arrives. Queries: 1 at most."""
    promise, paid_at = selectors.arrival_of_order(order), order.paid_at
    return arrival_dict(promise, paid_at or at, is_paid=paid_at is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def order_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Say why, see what comes back, cancel."""
    member_id, at = the_member(request).pk, clock.now()
    found = selectors.order(member_id, number)
    if "cancel" not in deeds_open(found, at):
        return redirect("storefront:order", number)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.cancel_order(number=number, member_id=member_id, reason=reason, at=at)
        return _cancelled(request, number)
    shape = order_dict(found, at=at)
    context = {"order": shape, "form": form, "refund_fen": found.paid_fen - found.refunded_fen}
    context["breadcrumb"] = trail(_("My orders"), _("Cancel order"))
    return render(request, "orders/cancel.html", context)


def _cancelled(request: HttpRequest, number: str) -> HttpResponse:
    """Say what came of it: a packed order waits for the shop's answer, as a case."""
    after = selectors.order(the_member(request).pk, number)
    case = selectors.cases_of(after.pk).first()
    if after.status != Order.Status.CLOSED and case is not None:
        said = _("It is packed already: we stop it if we can and answer within 48 hours.")
        messages.info(request, said)
        return redirect("storefront:after_sale", case.number)
    messages.success(request, _("The order is cancelled."))
    return redirect("storefront:order", number)


@require_POST
@members_only
def order_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """It has arrived: points and growth come with it."""
    member_id = the_member(request).pk
    services.receive_order(number=number, member_id=member_id, at=clock.now())
    messages.success(request, _("Thank you. Points and growth have been added."))
    return redirect("storefront:order", number)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def order_invoice(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the invoice of an order that was placed without one."""
    member_id, at = the_member(request).pk, clock.now()
    found = selectors.order(member_id, number)
    if "invoice" not in deeds_open(found, at):
        return redirect("storefront:order", number)
    before = {f"invoice_{name}": said for name, said in selectors.last_invoice(member_id).items()}
    form = InvoiceForm(request.POST or None, initial={"invoice_kind": "personal", **before})
    if form.is_valid():
        invoice = form.invoice()
        services.ask_invoice(number=number, member_id=member_id, invoice=invoice, at=at)
        messages.success(request, _("The invoice is asked for."))
        return redirect("storefront:order", number)
    shape = order_dict(found, at=at)
    context = {"order": shape, "form": form, "amount_fen": found.payable_fen - found.refunded_fen}
    context["breadcrumb"] = trail(_("My orders"), _("Invoice"))
    return render(request, "orders/invoice.html", context)


@require_POST
@members_only
def order_hide(request: HttpRequest, number: str) -> HttpResponse:
    """Take a finished order off the list."""
    services.hide_order(number=number, member_id=the_member(request).pk)
    messages.success(request, _("The order is off your list."))
    return redirect("storefront:orders")


@require_POST
@members_only
def order_unhide(request: HttpRequest, number: str) -> HttpResponse:
    """Put a hidden order back on the list."""
    services.unhide_order(number=number, member_id=the_member(request).pk)
    messages.success(request, _("The order is on your list again."))
    return redirect("storefront:orders")


@require_POST
@members_only
def order_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put the goods into the cart once more; say what could not go along."""
    rebuy = services.buy_again(number=number, member_id=the_member(request).pk, at=clock.now())
    for gone in rebuy.refused:
        title, why = localized(gone.line, "title"), problem_text(gone.reason)
        messages.warning(request, _("%(title)s: %(why)s") % {"title": title, "why": why})
    if not rebuy.added:
        return redirect("storefront:order", number)
    messages.success(request, _("It is in your cart."))
    return redirect("storefront:cart")


def trail(*labels: str) -> list[dict[str, str]]:
    """The breadcrumb of an order's pages, from the member's own page down."""
    steps = [{"label": _("My account"), "url": reverse("storefront:me")}]
    if len(labels) > 1:
        steps.append({"label": labels[0], "url": reverse("storefront:orders")})
    return [*steps, {"label": labels[-1]}]
