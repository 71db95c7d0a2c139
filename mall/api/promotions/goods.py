"""The goods of activities as clients list them: SKU, card, price, pieces left."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from catalog import presenting
from catalog.selectors import cards_of
from promotions.models import ActivityItem
from promotions.selectors import ActivityOffer


class ActivityItemShape(serializers.Serializer):
    sku_id = serializers.IntegerField()
    product = serializers.DictField()
    price_fen = serializers.IntegerField()
    floor_fen = serializers.IntegerField(allow_null=True)
    quota = serializers.IntegerField()
    left = serializers.IntegerField()
    per_member = serializers.IntegerField()


def items_by_activity(
    activities: Iterable[ActivityOffer], at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """Activity id -> its goods on the shelf. Queries: 1."""
    found = list(activities)
    products = {item.sku.product_id for offer in found for item in offer.items.values()}
    cards = {
        product_id: presenting.card(row)
        for product_id, row in cards_of(products, at=at).items()
        if row["price_fen"] is not None
    }
    return {
        offer.campaign.pk: [
            _item(item, cards[item.sku.product_id])
            for item in offer.items.values()
            if item.sku.product_id in cards
        ]
        for offer in found
    }


def _item(item: ActivityItem, card: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku_id": item.sku_id,
        "product": card,
        "price_fen": item.price_fen,
        "floor_fen": item.floor_fen,
        "quota": item.quota,
        "left": item.left,
        "per_member": item.per_member,
    }
