"""Whether somebody has bought before. Source: requirement P-04."""

from orders.models import Order


def has_bought(member_id: int) -> bool:
    """True once an order was paid and not called off. Queries: 1."""
    paid = Order.objects.of_member(member_id).filter(paid_at__isnull=False)
    return paid.exclude(status=Order.Status.CLOSED).exists()
