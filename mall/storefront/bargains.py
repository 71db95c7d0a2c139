"""Bargains as pages show them: goods to bargain over, one bargain with its cuts."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from catalog import presenting
from catalog.selectors import cards_of
from mall.kernel.words import localized
from mall.storefront.offers import buy_url, goods_in
from promotions.models import BargainStart, Campaign
from promotions.presenting import bargain_dict, bargain_page_dict
from promotions.selectors import activities_of_kind, bargains_of

Shape = dict[str, Any]
RECENT = 5


def bargain_goods(at: datetime) -> list[Shape]:
    """Goods that can be bargained over. Queries: 3."""
    return goods_in(activities_of_kind(Campaign.Kind.BARGAIN, at), at)


def recent_bargains(member_id: int, at: datetime) -> list[Shape]:
    """A member's newest bargains with their cards. Queries: 2."""
    mine = list(bargains_of(member_id)[:RECENT])
    cards = cards_of({start.item.sku.product_id for start in mine}, at=at)
    return [
        {**_shape(start, bargain_dict(start, at)), "card": _card(cards, start)} for start in mine
    ]


def bargain_context(
    request: HttpRequest, start: BargainStart, member_id: int | None, at: datetime
) -> Shape:
    """All keys of ``storefront/bargain.html``. Queries: 1."""
    shape = bargain_page_dict(start, at, member_id)
    cards = cards_of([start.item.sku.product_id], at=at)
    cuts = zip(shape["cuts"], start.cuts.all(), strict=True)
    return {
        "bargain": {
            **_shape(start, shape),
            "cuts": [{**cut, "at": row.at} for cut, row in cuts],
        },
        "title": localized(start.item.campaign, "title"),
        "card": _card(cards, start),
        "buy_url": buy_url(start.item.sku_id, f"bargain:{start.number}"),
        "link": request.build_absolute_uri(request.path),
        "now": at,
    }


def _shape(start: BargainStart, shape: Shape) -> Shape:
    span_fen = start.start_fen - start.floor_fen
    return {
        **shape,
        "ends_at": start.ends_at,
        "cut_percent": start.cut_fen * 100 // span_fen,
        "left_fen": span_fen - start.cut_fen,
        "is_floor": start.is_cut,
    }


def _card(cards: Any, start: BargainStart) -> Shape:
    return presenting.card(cards[start.item.sku.product_id])
