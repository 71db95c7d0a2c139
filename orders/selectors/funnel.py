"""From the cart to the money: how many members of a span came how far. Source: O-38."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from orders.models import CartLine, Order, Payment


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step: how many came here, and what part of the first and of the step before they are."""

    code: str
    members: int


def cart_to_pay(*, start: datetime, end: datetime) -> list[FunnelStep]:
    """Members with something put into the cart, with an order, with a payment begun, with money
    paid, each in the span. Who orders is counted as having had a cart: lines leave it then.
    Queries: 3."""
    span = Q(placed_at__gte=start, placed_at__lt=end, member__isnull=False)
    orders = Order.objects.filter(span).exclude(source=Order.Source.IMPORT)
    counted = orders.aggregate(
        ordered=Count("member", distinct=True),
        paid=Count("member", distinct=True, filter=Q(paid_at__isnull=False)),
    )
    began = Payment.objects.filter(order__in=orders).aggregate(
        n=Count("order__member", distinct=True)
    )["n"]
    still = CartLine.objects.filter(
        added_at__gte=start, added_at__lt=end, cart__member__isnull=False
    ).exclude(cart__member__in=orders.values("member"))
    in_cart = still.aggregate(n=Count("cart__member", distinct=True))["n"] + counted["ordered"]
    return [
        FunnelStep("cart", in_cart),
        FunnelStep("ordered", counted["ordered"]),
        FunnelStep("began", began),
        FunnelStep("paid", counted["paid"]),
    ]
