"""What waits in the stores. Source: O-34."""

from collections.abc import Collection

from django.db.models import Prefetch

from orders.models import OrderLine, Pickup

MOST = 100


def waiting_pickups(store_ids: Collection[int]) -> list[Pickup]:
    """Paid orders that nobody has fetched in these stores, the oldest first, with their lines.

    Queries: 2.
    """
    lines = OrderLine.objects.order_by("position")
    waiting = Pickup.objects.waiting().filter(store__in=store_ids)
    return list(
        waiting.select_related("order", "store")
        .prefetch_related(Prefetch("order__lines", lines))
        .order_by("order__paid_at", "pk")[:MOST]
    )
