"""What operators show beside a product, before what the shop finds itself. Source: C-12."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Product, RelatedProduct
from catalog.shared import product_tag
from mall.kernel import audit
from mall.kernel.caching import changed


@transaction.atomic
def set_related(
    *, product: Product, related: Sequence[Product], at: datetime, actor: Any = None
) -> None:
    """Show these products beside this one, in this order, and no others by hand. Queries: 4."""
    links = RelatedProduct.objects.filter(product=product)
    before = list(links.values_list("related_id", flat=True))
    links.delete()
    RelatedProduct.objects.bulk_create(
        RelatedProduct(product=product, related=one, sort=sort) for sort, one in enumerate(related)
    )
    audit.record(
        actor=actor,
        verb="catalog.set_related",
        target=product,
        at=at,
        before={"related": before},
        after={"related": [one.pk for one in related]},
    )
    changed(product_tag(product.pk))
