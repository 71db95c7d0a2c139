"""The seven lanes, in the order in which a price walks them. Source: design.md, section 5."""

from enum import StrEnum


class Lane(StrEnum):
    """One kind of price change; each lane sees what the lanes before it left."""

    UNIT_PRICE = "unit_price"
    ITEM_OFFER = "item_offer"
    ORDER_OFFER = "order_offer"
    TIER_RATE = "tier_rate"
    COUPON = "coupon"
    POINTS = "points"
    FREIGHT = "freight"


ACROSS_LINES = (Lane.ITEM_OFFER, Lane.ORDER_OFFER, Lane.TIER_RATE)
"""Lanes whose rules look at several lines at once and compete for them."""
