"""The ranking of what sells: paid pieces of the last days, less what came back. C-10.

A gift is no sale.
"""

from datetime import datetime, timedelta

from django.db.models import F, Sum

from orders.models import OrderLine
from promotions.selectors import zone_settings
from promotions.services import put_hot_ranking


def rank_hot_goods(at: datetime) -> int:
    """Count the paid pieces of each product over the days of the hot zone and put the ranking
    down; returns how many products are in it. Queries: 6."""
    since = at - timedelta(days=zone_settings().hot_days)
    rows = OrderLine.objects.filter(
        order__paid_at__gte=since, order__paid_at__lte=at, is_gift=False
    )
    counted = (
        rows.order_by()
        .values_list("product_id")
        .annotate(pieces=Sum(F("quantity") - F("refunded")))
        .filter(pieces__gt=0, product_id__isnull=False)
    )
    return put_hot_ranking(pieces=dict(counted), at=at)
