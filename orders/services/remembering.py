"""What a shopper has bought before, for the rules that ask: first orders, old customers, gifts for
those who come back. Source: P-04, P-08, P-26.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Count, F, Q, Sum

from orders.models import Order
from promotions import engine

FINISHED = (Order.Status.RECEIVED, Order.Status.COMPLETED)


def with_history(
    shopper: engine.Shopper, rules: engine.Rules, wallet: Iterable[engine.CouponRule]
) -> engine.Shopper:
    """The shopper with what they bought before, looked up only when a rule or coupon asks for it.

    Orders that were closed count for nothing. Queries: 0 or 1.
    """
    if shopper.member_id is None or not asks_history(rules, wallet):
        return shopper
    finished = Q(status__in=FINISHED)
    paid = Q(paid_at__isnull=False) & ~Q(status=Order.Status.CLOSED)
    found = Order.objects.of_member(shopper.member_id).aggregate(
        spent=Sum(F("paid_fen") - F("refunded_fen"), filter=finished),
        completed=Count("pk", filter=finished),
        paid=Count("pk", filter=paid),
    )
    return replace(
        shopper,
        spent_fen=int(found["spent"] or 0),
        completed_orders=found["completed"],
        paid_orders=found["paid"],
    )


def asks_history(rules: engine.Rules, wallet: Iterable[engine.CouponRule] = ()) -> bool:
    """True when a rule or coupon looks at what a shopper bought before."""
    return any(coupon.first_order for coupon in wallet) or any(
        isinstance(rule, engine.LoyalRate) or getattr(rule, "min_orders", 0)
        for rule in rules.promotions
    )
