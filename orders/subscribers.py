"""What follows from orders but need not be seen at once: sales counts, which every card shows."""

from catalog.services import add_sales
from mall.kernel.outbox import subscribe
from orders.events import OrderClosed, OrderPaid


def count_sales(event: OrderPaid) -> None:
    """Count the pieces paid for; many payments never wait for one hot product row that way."""
    add_sales(dict(event.pieces))


def uncount_sales(event: OrderClosed) -> None:
    """Take back the pieces of an order that was paid back before it was shipped."""
    add_sales({product_id: -pieces for product_id, pieces in event.unsold})


def connect() -> None:
    """Listen; called from apps.py."""
    subscribe(OrderPaid, count_sales)
    subscribe(OrderClosed, uncount_sales)
