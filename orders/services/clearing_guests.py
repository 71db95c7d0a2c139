"""Carts of guests that nobody came back for are forgotten. Source: O-01."""

from datetime import datetime, timedelta

from django.db import transaction

from orders.models import Cart, CartLine

KEEP = timedelta(days=90)
"""Three times as long as the cookie that opens one lives; each change counts anew."""
BATCH = 500


def forget_guest_carts(at: datetime, *, limit: int = 20_000) -> int:
    """Delete carts of guests untouched for 90 days, at most ``limit`` of them; returns how many.

    Members' carts stay. In batches, each a transaction of its own; one that is being used is left
    for the next run. Locks: the carts. Queries: 4 a batch.
    """
    gone = 0
    while gone < limit:
        forgotten = _forget_batch(at)
        gone += forgotten
        if not forgotten:
            break
    return gone


@transaction.atomic
def _forget_batch(at: datetime) -> int:
    old = Cart.objects.filter(member=None, updated_at__lt=at - KEEP).order_by("updated_at")
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    CartLine.objects.filter(cart__in=ids).delete()
    Cart.objects.filter(pk__in=ids).delete()
    return len(ids)
