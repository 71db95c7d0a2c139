"""The activities of a product as its page offers them: what it costs there, until when, how to get
it. Each kind is drawn by ``storefront/offers/_<kind>.html``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog import presenting
from catalog.selectors import cards_of
from mall.kernel.words import localized
from promotions.selectors import ActivityOffer

Shape = dict[str, Any]


def offer_slots(
    activities: Iterable[ActivityOffer], sku: Mapping[str, Any] | None, at: datetime
) -> list[Shape]:
    """One slot an activity; its figures are those of the chosen ``sku``, if the activity has it."""
    return [_slot(activity, sku, at) for activity in activities]


def _slot(activity: ActivityOffer, sku: Mapping[str, Any] | None, at: datetime) -> Shape:
    campaign = activity.campaign
    item = activity.items.get(sku["id"]) if sku else None
    return {
        "kind": campaign.kind,
        "template": f"storefront/offers/_{campaign.kind}.html",
        "id": campaign.pk,
        "title": localized(campaign, "title"),
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "is_on": activity.is_on(at),
        "now": at,
        "item": item,
        "rule": activity.rule,
        "list_price_fen": sku["list_price_fen"] if sku else 0,
        "taken_percent": item.taken * 100 // max(item.quota, 1) if item else 0,
        "saved_fen": max(0, sku["list_price_fen"] - item.total_fen) if sku and item else 0,
        "buy_url": buy_url(item.sku_id, f"{campaign.kind}:{campaign.pk}") if item else "",
    }


def buy_url(sku_id: int, offer: str, quantity: int = 1) -> str:
    """The checkout of one SKU in an activity; ``offer`` is kind:id[:reference]."""
    query = urlencode({"sku_id": sku_id, "quantity": quantity, "offer": offer})
    return f"{reverse('storefront:checkout')}?{query}"


def goods_in(activities: Iterable[ActivityOffer], at: datetime) -> list[Shape]:
    """The goods of activities as a list of slots with their cards; goods that are off the shelf
    are left out. Queries: 1."""
    found = list(activities)
    products = {item.sku.product_id for activity in found for item in activity.items.values()}
    cards = cards_of(products, at=at)
    return [
        {
            **_slot(activity, {"id": item.sku_id, "list_price_fen": item.sku.list_price_fen}, at),
            "card": presenting.card(cards[item.sku.product_id]),
        }
        for activity in found
        for item in activity.items.values()
        if cards[item.sku.product_id]["price_fen"] is not None
    ]
