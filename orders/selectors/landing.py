"""Who of those that came to a landing page ordered and paid afterwards. Source: X-13."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from orders.models import Order
from promotions.models import LandingVisit


def landing_buyers(since: datetime, until: datetime) -> dict[tuple[str, str, str], int]:
    """Visits in [since, until) whose member paid an order after them, by (landing page, variant,
    channel). Queries: 1."""
    paid = Order.objects.filter(
        member=OuterRef("member"), placed_at__gte=OuterRef("at"), paid_at__isnull=False
    )
    visits = LandingVisit.objects.filter(Exists(paid), at__gte=since, at__lt=until)
    names = ("landing__title", "variant__page__title_zh", "channel")
    found: dict[tuple[str, str, str], int] = {}
    for landing, variant, channel in visits.order_by().values_list(*names):
        key = (landing or "", variant or "", channel)
        found[key] = found.get(key, 0) + 1
    return found
