"""Which goods are bought together, as it is put down by who counts it. Source: C-12."""

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from catalog.models import BoughtTogether
from mall.kernel.db.locking import advisory_lock

LOCK = "catalog.bought_together"
AT_ONCE = 5_000


@transaction.atomic
def put_pairs(pairs: Iterable[tuple[int, int, int]]) -> int:
    """Replace what is known by these pairs (product, bought with it, orders); returns how many.

    Readers see the old pairs or the new ones. Locks: one advisory lock. Queries: 2, and 1 for each
    5,000 pairs.
    """
    advisory_lock(LOCK)
    BoughtTogether.objects.all().delete()
    rows, count = iter(pairs), 0
    while some := list(islice(rows, AT_ONCE)):
        made = [BoughtTogether(product_id=a, related_id=b, orders=n) for a, b, n in some]
        BoughtTogether.objects.bulk_create(made)
        count += len(made)
    return count
