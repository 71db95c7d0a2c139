"""Who took orders out of the house as a file, and how many of them. Source: O-53."""

from datetime import datetime

from django.db.models import QuerySet

from mall.kernel import audit
from members.models import Account
from orders.errors import TooManyRows
from orders.models import Order, OrderLine
from orders.selectors.exporting import MOST_ROWS, Sight


def note_export(
    orders: QuerySet[Order], *, kind: str, sight: Sight, actor: Account, at: datetime
) -> int:
    """Write down that the lines of these orders leave as a file; how many there are. Queries: 2.
    Raises: TooManyRows."""
    lines = OrderLine.objects.filter(order__in=orders.order_by()).count()
    if lines > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    audit.record(
        actor=actor,
        verb="orders.export",
        target=actor,
        at=at,
        after={"rows": lines, "kind": kind, "phones": sight.phones, "costs": sight.costs},
    )
    return lines
