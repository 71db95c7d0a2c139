"""The ranking of the hot zone as it is put down by who counts it. Source: C-10."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from promotions.models import HotSale
from promotions.services.placing import show_afresh

MOST_RANKED = 500


@transaction.atomic
def put_hot_ranking(*, pieces: Mapping[int, int], at: datetime) -> int:
    """Replace the ranking by these products and their paid pieces; returns how many are kept.

    Readers see the old ranking or the new one, never a part. Queries: 2.
    """
    best = sorted(pieces.items(), key=lambda one: (-one[1], -one[0]))[:MOST_RANKED]
    HotSale.objects.exclude(product__in=[product_id for product_id, _n in best]).delete()
    HotSale.objects.bulk_create(
        [HotSale(product_id=one, pieces=number, counted_at=at) for one, number in best],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["pieces", "counted_at"],
    )
    show_afresh()
    return len(best)
