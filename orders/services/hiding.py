"""Taking an order off its buyer's list, and putting it back; nothing else changes."""

from mall.kernel.errors import NotFound
from orders.errors import IllegalMove
from orders.models import Order

HIDEABLE = (Order.Status.CLOSED, Order.Status.COMPLETED)


def hide_order(*, number: str, member_id: int) -> None:
    """Hide a closed or completed order from its buyer. Raises: NotFound, IllegalMove. Queries: 1 or
    2."""
    orders = Order.objects.of_member(member_id).filter(number=number, is_hidden=False)
    if orders.filter(status__in=HIDEABLE).update(is_hidden=True):
        return
    order = orders.first()
    if order is None:
        raise NotFound
    raise IllegalMove(status=order.status)


def unhide_order(*, number: str, member_id: int) -> None:
    """Put a hidden order back on its buyer's list; one that is there stays. Raises: NotFound.
    Queries: 1."""
    if not Order.objects.of_member(member_id).filter(number=number).update(is_hidden=False):
        raise NotFound
