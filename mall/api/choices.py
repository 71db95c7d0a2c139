"""Choices that the schema names: fields that are called alike in several answers."""

from orders.models import Order, Payment
from promotions.models import Coupon

COUPON_KINDS = Coupon.Kind.values
ORDER_STATUSES = Order.Status.values
PAYMENT_STATUSES = Payment.Status.values
