"""The front door of orders' reads: the cart, a shopper's orders, reviews, past baskets."""

from orders.selectors.buying import has_bought
from orders.selectors.charity import (
    CharityView,
    charity_settings,
    charity_view,
    donation_of,
)
from orders.selectors.past import (
    PastBasket,
    PastChunk,
    PastSpan,
    past_baskets,
    past_span,
    with_history_then,
)
from orders.selectors.plan_stock import Expected, expected_stock, shortages
from orders.selectors.shopping import (
    EMPTY_CART,
    TO_REVIEW,
    TO_SHIP,
    CartLineView,
    CartView,
    Standing,
    cart_pieces,
    cart_view,
    order,
    order_counts,
    orders_of,
    payment,
    rating_counts,
    reviews_of,
    standing,
    with_all,
)

__all__ = [
    "EMPTY_CART",
    "TO_REVIEW",
    "TO_SHIP",
    "CartLineView",
    "CartView",
    "CharityView",
    "Expected",
    "PastBasket",
    "PastChunk",
    "PastSpan",
    "Standing",
    "cart_pieces",
    "cart_view",
    "charity_settings",
    "charity_view",
    "donation_of",
    "has_bought",
    "expected_stock",
    "order",
    "order_counts",
    "orders_of",
    "past_baskets",
    "past_span",
    "payment",
    "rating_counts",
    "reviews_of",
    "shortages",
    "standing",
    "with_all",
    "with_history_then",
]
