"""What goes with the goods of an activity, below them with a button each. Source: C-12."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from catalog import presenting
from catalog.selectors import cards_beside, related_cards
from mall.kernel.errors import NotFound
from mall.storefront.context import region_of
from mall.storefront.shopper import member_of
from promotions.models import Scoped, ScopeKind

COMPANIONS, BESIDE = 2, 5

Shape = dict[str, Any]


def beside_goods(
    request: HttpRequest, goods: Iterable[Mapping[str, Any]], at: datetime
) -> list[Shape]:
    """Cards of what goes with the first of an activity's goods, but what it sells itself. Queries:
    2, none without goods."""
    shown = [slot["card"]["id"] for slot in goods]
    return beside(request, shown[0], at, but=shown) if shown else []


def beside(
    request: HttpRequest, product_id: int, at: datetime, but: Collection[int] = ()
) -> list[Shape]:
    """Cards of what goes with a product, none when it is off the shelf. Queries: 2."""
    try:
        rows = related_cards(product_id, at, region_of(request, member_of(request)), but=but)
    except NotFound:
        return []
    return [presenting.card(row) for row in rows]


def beside_coupons(request: HttpRequest, coupons: Iterable[Scoped], at: datetime) -> list[Shape]:
    """Cards of what goes with the first goods, or the first category, that a coupon names.
    Queries: 2 at most, none where all are for the whole shop."""
    for coupon in coupons:
        if not coupon.scope_ids:
            continue
        first = coupon.scope_ids[0]
        if coupon.scope_kind == ScopeKind.PRODUCTS:
            return beside(request, first, at)
        if coupon.scope_kind == ScopeKind.CATEGORY:
            rows = cards_beside(
                [first],
                around=first,
                at=at,
                companions=COMPANIONS,
                count=BESIDE,
                region_code=region_of(request, member_of(request)),
            )
            return [presenting.card(row) for row in rows]
    return []
