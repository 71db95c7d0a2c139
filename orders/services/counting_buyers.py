"""How many members bought a product and kept it: 已有XX人购买, computed and never typed. Source:
C-09."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from catalog.services import add_buyers
from orders.models import Order, OrderLine, ProductBuyer


@transaction.atomic
def count_buyers(*, member_id: int, product_ids: Collection[int]) -> None:
    """Look again whether a member is a buyer of these products, and count the difference.

    It looks at the orders themselves, so messages may come twice and in any order. Locks: the pairs
    by pk, then the products (counting). Queries: 4, and 3 where something changed.
    """
    wanted = sorted(set(product_ids))
    ProductBuyer.objects.bulk_create(
        [ProductBuyer(product_id=pk, member_id=member_id) for pk in wanted], ignore_conflicts=True
    )
    pairs = list(ProductBuyer.objects.filter(member_id=member_id, product_id__in=wanted).locked())
    kept = _kept(member_id, wanted)
    changed = [pair for pair in pairs if pair.is_counted != (pair.product_id in kept)]
    for pair in changed:
        pair.is_counted = not pair.is_counted
    ProductBuyer.objects.bulk_update(changed, ["is_counted"])
    add_buyers({pair.product_id: 1 if pair.is_counted else -1 for pair in changed})


def _kept(member_id: int, product_ids: Collection[int]) -> set[int]:
    """Products of which the member paid for pieces that were not paid back."""
    lines = OrderLine.objects.filter(
        order__member_id=member_id,
        order__paid_at__isnull=False,
        product_id__in=product_ids,
        is_gift=False,
        quantity__gt=F("refunded"),
    ).exclude(order__status=Order.Status.UNPAID)
    return set(lines.values_list("product_id", flat=True))
