"""The front door of orders' reads: the cart, a shopper's orders, reviews, and orders of the past."""

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
    "Standing",
    "cart_pieces",
    "cart_view",
    "order",
    "order_counts",
    "orders_of",
    "payment",
    "rating_counts",
    "reviews_of",
    "standing",
    "with_all",
]
