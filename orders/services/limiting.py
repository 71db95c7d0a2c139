"""How much of one thing one order, one member, all members may have. Source: C-15, O-01.

Pieces of limited products are counted when an order is placed and given back when it closes; what
comes back after it was received stays counted. Locks: the count of a product in all, then that of
the member, in product order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from catalog.models import Product
from catalog.selectors import SkuFacts
from mall.kernel.words import localized
from orders.errors import EditionLimit, EditionSoldOut, OrderLimit
from orders.models import EditionTake, EditionUse, Order


def check_limits(facts: SkuFacts, quantity: int) -> None:
    """Whether one order of somebody who has none yet may hold so many pieces.

    Raises: OrderLimit, EditionLimit, EditionSoldOut.
    """
    title = localized(facts, "title")
    if facts.order_limit is not None and quantity > facts.order_limit:
        raise OrderLimit(max=facts.order_limit, title=title)
    if facts.member_limit is not None and quantity > facts.member_limit:
        raise EditionLimit(max=facts.member_limit, title=title)
    if facts.total_limit is not None and quantity > facts.total_limit:
        raise EditionSoldOut(max=facts.total_limit, title=title)


def check_all_limits(wanted: Iterable[tuple[int, int]], skus: Mapping[int, SkuFacts]) -> None:
    """`check_limits` of (SKU id, pieces) pairs, equal SKUs together."""
    pieces: Counter[int] = Counter()
    for sku_id, quantity in wanted:
        pieces[sku_id] += quantity
    for sku_id, quantity in pieces.items():
        check_limits(skus[sku_id], quantity)


@transaction.atomic
def take_editions(order: Order, pieces: Mapping[int, int], skus: Mapping[int, SkuFacts]) -> None:
    """Count the pieces (product id -> pieces) an order has of limited products: all or none.

    Queries: none without a limited product; else 1, and 2 a limit of a product. Raises:
    EditionLimit, EditionSoldOut.
    """
    facts = {sku.product_id: sku for sku in skus.values()}
    uses = [
        EditionUse(
            order=order,
            product_id=product_id,
            pieces=pieces[product_id],
            in_all=facts[product_id].total_limit is not None,
            of_member=facts[product_id].member_limit is not None,
        )
        for product_id in sorted(pieces)
        if _is_limited(facts[product_id])
    ]
    for use in uses:
        _take(use, order.member_id, facts[use.product_id])
    if uses:
        EditionUse.objects.bulk_create(uses)


@transaction.atomic
def take_editions_again(order: Order, at: datetime) -> None:
    """A closed order lives again: what it gave back counts again, where it is still limited.
    Queries: 1, and 3 a limit of a product. Raises: EditionLimit, EditionSoldOut."""
    uses = EditionUse.objects.filter(order=order, returned_at__isnull=False)
    for use in uses.order_by("product_id").select_related("product").locked():
        use.in_all = use.in_all and use.product.total_limit is not None
        use.of_member = use.of_member and use.product.member_limit is not None
        _take(use, order.member_id, use.product)
        use.returned_at = None
        use.save(update_fields=["in_all", "of_member", "returned_at"])


@transaction.atomic
def give_back_editions(order: Order, at: datetime) -> None:
    """The order is closed: its pieces count no more, once. Queries: 1, and 3 a limited product."""
    uses = EditionUse.objects.filter(order=order, returned_at__isnull=True)
    for use in uses.order_by("product_id").locked():
        use.returned_at = at
        use.save(update_fields=["returned_at"])
        takes = EditionTake.objects.filter(product=use.product_id)
        if use.in_all:
            takes.filter(member=None).update(pieces=F("pieces") - use.pieces)
        if use.of_member:
            takes.filter(member=order.member_id).update(pieces=F("pieces") - use.pieces)


def _is_limited(facts: SkuFacts) -> bool:
    return facts.total_limit is not None or facts.member_limit is not None


def _take(use: EditionUse, member_id: int | None, limited: SkuFacts | Product) -> None:
    title = localized(limited, "title")
    if use.in_all and limited.total_limit is not None:
        most = limited.total_limit
        if not _count(use.product_id, None, use.pieces, most):
            raise EditionSoldOut(max=most, title=title)
    if use.of_member and limited.member_limit is not None:
        most = limited.member_limit
        if not _count(use.product_id, member_id, use.pieces, most):
            raise EditionLimit(max=most, title=title)


def _count(product_id: int, member_id: int | None, pieces: int, most: int) -> bool:
    """Count up, unless that would be more than ``most``."""
    row = EditionTake(product_id=product_id, member_id=member_id, most=most)
    EditionTake.objects.bulk_create([row], ignore_conflicts=True)
    takes = EditionTake.objects.filter(
        product=product_id, member=member_id, pieces__lte=most - pieces
    )
    return pieces <= most and takes.update(pieces=F("pieces") + pieces, most=most) == 1
