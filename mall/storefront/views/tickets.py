"""Ask the shop before buying; talks with the shop. Source: X-61."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from catalog import presenting
from catalog.selectors import cards_of, check_on_sale
from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront.forms import TextField, refuse
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from members import services
from members.models import Ticket
from members.selectors import ticket_of, tickets_of


class TalkForm(forms.Form):
    """What the shopper says."""

    text = TextField(
        label=gettext_lazy("Your message"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def product_ask(request: HttpRequest, product_id: int) -> HttpResponse:
    """Begin to talk about a product; its card goes with it."""
    at, member = clock.now(), the_member(request)
    check_on_sale(product_id, at)
    product = presenting.card(cards_of([product_id], at=at)[product_id])
    form = TalkForm(request.POST or None)
    if form.is_valid():
        try:
            ticket = services.open_ticket(
                member=member,
                kind=Ticket.Kind.PRODUCT,
                subject=str(product_id),
                title=product["name"],
                text=form.cleaned_data["text"],
                at=at,
            )
            return redirect("storefront:ticket", ticket.number)
        except ShopError as error:
            refuse(form, error)
    return _page(request, form, product, None)


@require_safe
@members_only
def tickets(request: HttpRequest) -> HttpResponse:
    """The member's talks, the latest word first."""
    rows, page = page_of(request, tickets_of(the_member(request).pk))
    context = {
        "tickets": rows,
        "page": page,
        "room": "tickets",
        "breadcrumb": _trail(_("Talks with the shop")),
    }
    return render(request, "members/tickets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One talk: what was said, with the card of the product; say more."""
    at, member = clock.now(), the_member(request)
    found = ticket_of(member.pk, number)
    form = TalkForm(request.POST or None)
    if form.is_valid():
        try:
            services.say_as_member(member=member, number=number, at=at, **form.cleaned_data)
            return redirect("storefront:ticket", number)
        except ShopError as error:
            refuse(form, error)
    product = None
    if found.kind == Ticket.Kind.PRODUCT:
        row = cards_of([int(found.subject)], at=at).get(int(found.subject))
        product = presenting.card(row) if row else None
    return _page(request, form, product, found)


def _page(request: HttpRequest, form: TalkForm, product: Any, found: Ticket | None) -> HttpResponse:
    context = {
        "form": form,
        "product": product,
        "ticket": found,
        "messages_said": list(found.messages.all()) if found else [],
        "is_open": found is None or found.state != Ticket.State.CLOSED,
        "room": "tickets",
        "breadcrumb": _trail(_("Ask the shop")),
    }
    return render(request, "members/ticket.html", context)


def _trail(label: str) -> list[dict[str, str]]:
    return [{"label": _("My account"), "url": reverse("storefront:me")}, {"label": label}]
