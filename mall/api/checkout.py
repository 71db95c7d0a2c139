"""checkout/quote/: what it would cost and why, before anything is ordered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.presenting import arrival_dict
from mall.api.cart import TOKEN, CartEndpoint
from mall.api.deal_bodies import QuoteBody
from mall.api.deal_shapes import QuoteShape
from mall.kernel import clock, regions
from mall.kernel.db import Prepared
from mall.kernel.errors import InvalidInput, NotFound
from members.models import Address
from members.selectors import reached_at, shopper_of
from orders import services
from orders.presenting import quote_dict
from orders.selectors import arrival_of_quote
from orders.services import Ask, CartOwner, Wanted
from promotions import engine
from promotions.selectors import offer_named

HOMES = Prepared(reached_at)
MEMBERS_ONLY = ("address_id", "coupon_grant_ids", "auto_coupons", "points")


class CheckoutQuote(CartEndpoint):
    """Price lines or the cart. Guests may ask for a region; the rest needs a member."""

    throttle_scope = "browse"

    @extend_schema(request=QuoteBody, responses=QuoteShape, parameters=[TOKEN])
    def post(self, request: Request) -> Response:
        body = self.body(QuoteBody)
        owner = self.owner
        if owner.member_id is None and any(body.get(name) for name in MEMBERS_ONLY):
            raise NotAuthenticated
        at = clock.now()
        store = services.pickup_store(body["store_id"]) if "store_id" in body else None
        home = _home(body, owner, at)
        ask = Ask(
            wanted=wanted_of(body, owner, at),
            region_code=store.region_code if store else _region(body, home),
            is_collected=store is not None,
            explain=frozenset(body.get("explain", ())),
            **spending_of(body),
        )
        shopper = shopper_of(home) if home else None
        quoted = services.quote(ask=ask, member_id=owner.member_id, at=at, shopper=shopper)
        where = None if store else ask.region_code
        arrival = arrival_dict(arrival_of_quote(quoted, where, at), at)
        words = arrival["text"] if arrival else None
        return Response({**quote_dict(quoted), "promise": words, "arrival": arrival})


def wanted_of(body: dict[str, Any], owner: CartOwner, at: datetime) -> tuple[Wanted, ...]:
    """The lines of a body, or those of the cart that can be ordered."""
    if body.get("cart"):
        lines = services.selected_lines(owner, at=at)
        return tuple(Wanted(line.sku_id, line.quantity) for line in lines)
    return wanted_lines(body["lines"])


def wanted_lines(lines: Iterable[dict[str, Any]]) -> tuple[Wanted, ...]:
    """Lines of a body with the activities they name. Raises: NotFound."""
    return tuple(
        Wanted(line["sku_id"], line["quantity"], _offer(line), line.get("source", ""))
        for line in lines
    )


def _offer(line: dict[str, Any]) -> engine.Offer | None:
    named = line.get("offer")
    if named is None:
        return None
    return offer_named(kind=named["kind"], identity=named["id"], team=named.get("team_id", ""))


def spending_of(body: dict[str, Any]) -> dict[str, Any]:
    """Coupons, points and gifts of a body, as `Ask` and `Submission` take them."""
    return {
        "coupon_grant_ids": tuple(body.get("coupon_grant_ids", ())),
        "auto_coupons": body.get("auto_coupons", False),
        "points": body.get("points", 0),
        "gift_skus": frozenset(
            [*body.get("gift_choices", ()), *_chosen_on_lines(body.get("lines", ()))]
        ),
    }


def _chosen_on_lines(lines: Iterable[dict[str, Any]]) -> list[int]:
    return [line["gift_choice"] for line in lines if "gift_choice" in line]


def _home(body: dict[str, Any], owner: CartOwner, at: datetime) -> Address | None:
    """The address of a body, read with its member. Raises: NotFound. Queries: 0 or 1."""
    if "address_id" not in body:
        return None
    assert owner.member_id is not None, "guests were turned away"
    found: Address | None = HOMES.one(
        member_id=owner.member_id, address_id=body["address_id"], at=at
    )
    if found is None:
        raise NotFound
    return found


def _region(body: dict[str, Any], home: Address | None) -> str | None:
    if home is not None:
        return home.region_code
    code: str | None = body.get("region_code")
    if code is not None and regions.find(code) is None:
        raise InvalidInput(field="region_code", allowed="catalog/regions/")
    return code


urlpatterns = [path("quote/", CheckoutQuote.as_view(), name="checkout-quote")]
