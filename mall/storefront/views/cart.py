"""The cart: look at it, put in, change, take out and put back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import presenting
from catalog.selectors import CardFilters, list_cards, product_page, skus_for_pricing
from inventory.presenting import arrival_dict
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.words import gap, localized
from mall.storefront.basket import cart_shape, near_offer
from mall.storefront.context import region_of
from mall.storefront.forms import MOST_PIECES, CartAddForm, CartLineForm, WholeField
from mall.storefront.going import go_back, with_query
from mall.storefront.picker import find_sku, option_words
from mall.storefront.sharing import source_for
from mall.storefront.shopper import cart_owner, member_of, remember_cart
from orders.selectors import CartView, arrival_of_quote, cart_view
from orders.services import (
    add_line,
    change_line,
    remove_invalid,
    remove_line,
    select_lines,
)

RECOMMENDED, LOOKED_AT = 5, 20


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """The cart, priced. Queries: the same for two lines and for a hundred."""
    at, region_code = clock.now(), region_of(request, member_of(request))
    view = cart_view(cart_owner(request), at, region_code=region_code)
    shape = cart_shape(view)
    arrival = arrival_of_quote(view.quoted, region_code, at) if view.quoted else None
    context = {
        "cart": shape,
        "arrival": arrival_dict(arrival, at),
        "near": near_offer(shape),
        "undo": undo(request.GET, at),
        "recommended": recommended(view, at),
        "breadcrumb": [{"label": _("Cart")}],
    }
    return render(request, "storefront/cart.html", context)


@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put a SKU in, or go straight to the checkout with it. Queries: 12 at most."""
    form = CartAddForm(request.POST)
    if not form.is_valid():
        return refused(request, form)
    sku_id = form.cleaned_data["sku_id"] or picked(request.POST, form.cleaned_data["product_id"])
    quantity = form.cleaned_data["quantity"]
    source = source_for(request, form.cleaned_data["source"])
    if sku_id is None:
        messages.error(request, _("Please choose one of the offered combinations."))
        return _choose(request, form.cleaned_data["product_id"], source)
    if request.POST.get("then") == "checkout":
        checkout = resolve_url("storefront:checkout")
        values = {"sku_id": sku_id, "quantity": quantity, "source": source or None}
        return redirect(with_query(checkout, **values))
    change = add_line(
        owner=cart_owner(request), sku_id=sku_id, quantity=quantity, source=source, at=clock.now()
    )
    messages.success(request, _("It is in your cart."))
    return remember_cart(go_back(request, "cart"), change.token)


def _choose(request: HttpRequest, product_id: int | None, source: str) -> HttpResponse:
    """Where the choice is made: a card's button leads to the product, its own page stays."""
    if product_id is None or any(name.startswith("option_") for name in request.POST):
        return go_back(request, "cart")
    page = resolve_url("storefront:product", product_id)
    return redirect(with_query(page, source=source or None))


@require_POST
def cart_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set, count up or down, select or take out one line."""
    form = CartLineForm(request.POST)
    if not form.is_valid():
        return refused(request, form)
    do, owner, at = form.cleaned_data["do"], cart_owner(request), clock.now()
    if do == "remove":
        gone = remove_line(owner=owner, line_id=line_id, at=at)
        back = with_query(resolve_url("storefront:cart"), removed=gone.sku_id, pieces=gone.quantity)
        return redirect(back)
    if do in ("select", "deselect"):
        change_line(owner=owner, line_id=line_id, is_selected=do == "select", at=at)
    else:
        change_line(owner=owner, line_id=line_id, quantity=form.cleaned_data["quantity"], at=at)
    return redirect("storefront:cart")


@require_POST
def cart_selection(request: HttpRequest) -> HttpResponse:
    """Select every line, or none."""
    is_selected = request.POST.get("all") == "true"
    select_lines(owner=cart_owner(request), is_selected=is_selected, at=clock.now())
    return redirect("storefront:cart")


@require_POST
def cart_invalid(request: HttpRequest) -> HttpResponse:
    """Take out everything that cannot be bought."""
    region_code = region_of(request, member_of(request))
    remove_invalid(owner=cart_owner(request), region_code=region_code, at=clock.now())
    return redirect("storefront:cart")


def refused(request: HttpRequest, form: Any) -> HttpResponse:
    """Say what was wrong with a form that has no page of its own; nothing was changed."""
    errors = [str(error) for field in form.errors.values() for error in field]
    messages.error(request, gap().join(errors))
    return go_back(request, "cart")


def picked(data: QueryDict, product_id: int | None) -> int | None:
    """The SKU of a product that the chosen options name. Raises: NotFound. Queries: 1."""
    if product_id is None:
        raise NotFound
    page = product_page(product_id, at=clock.now())
    skus = [
        {"id": sku["id"], "options": presenting.options(page.facts()[sku["id"]])}
        for sku in page.skus
    ]
    found = find_sku(skus, option_words(data))
    return found["id"] if found else None


def recommended(view: CartView, at: datetime) -> list[dict[str, Any]]:
    """What sells and is not in the cart yet. Queries: 1."""
    inside = {line.facts.product_id for line in view.lines}
    rows = list_cards(CardFilters(in_stock=True), page_size=LOOKED_AT, at=at).rows
    cards = [presenting.card(row) for row in rows if row["product_id"] not in inside]
    return cards[:RECOMMENDED]


def undo(query: QueryDict, at: datetime) -> dict[str, Any] | None:
    """The way to put back what ``?removed=&pieces=`` says was taken out. Queries: 2."""
    whole = WholeField(required=False)
    pieces = WholeField(required=False, biggest=MOST_PIECES)
    try:
        sku_id, quantity = whole.clean(query.get("removed")), pieces.clean(query.get("pieces"))
    except ValidationError:
        return None
    facts = skus_for_pricing([sku_id], at).get(sku_id) if sku_id and quantity else None
    if facts is None:
        return None
    cart_url = resolve_url("storefront:cart")
    return {
        "text": _("Removed %(name)s") % {"name": localized(facts, "title")},
        "url": resolve_url("storefront:cart_add"),
        "fields": {"sku_id": facts.id, "quantity": quantity, "next": cart_url},
    }
