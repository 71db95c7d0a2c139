"""What orders tell a product: pieces sold, buyers, ratings given. Cards show it when they are next
refreshed."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Greatest

from catalog.models import Product
from catalog.services.shelving import mark_shelf


@transaction.atomic
def add_sales(quantities: Mapping[int, int]) -> None:
    """Add pieces to the sales counts (product id -> pieces, negative for refunds).

    Events come in any order: a count may be below zero between a cancelled order's two, so it is
    not stopped at zero, which would lose a piece for good. Locks: products, pk order. Queries: 3.
    """
    changes = {product_id: pieces for product_id, pieces in quantities.items() if pieces}
    if not changes:
        return
    held = [product.pk for product in Product.objects.filter(pk__in=changes).only("pk").locked()]
    pieces = Case(
        *[When(pk=pk, then=Value(changes[pk])) for pk in held],
        default=Value(0),
        output_field=IntegerField(),
    )
    Product.objects.filter(pk__in=held).update(sales_count=F("sales_count") + pieces)
    mark_shelf(held)


@transaction.atomic
def add_buyers(changes: Mapping[int, int]) -> None:
    """Count buyers (product id -> 1 for a new one, -1 for one who kept nothing). Locks: products,
    pk order. Queries: 2 and one a product that changed."""
    held = Product.objects.filter(pk__in=[pk for pk, change in changes.items() if change])
    pks = [product.pk for product in held.only("pk").locked()]
    for pk in pks:
        count = Greatest(F("buyers_count") + changes[pk], Value(0))
        Product.objects.filter(pk=pk).update(buyers_count=count)
    mark_shelf(pks)


@transaction.atomic
def add_rating(*, product_id: int, rating: int, count: int = 1) -> None:
    """Count one rating of 1 to 5 (``count=-1`` takes one back). Locks: one product. Queries: 2."""
    if not 1 <= rating <= 5:
        raise ValueError("a rating is 1 to 5")
    Product.objects.filter(pk=product_id).update(
        rating_sum=Greatest(F("rating_sum") + rating * count, Value(0)),
        rating_count=Greatest(F("rating_count") + count, Value(0)),
    )
    mark_shelf([product_id])
