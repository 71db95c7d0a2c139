"""Where a product is sold, and where it is put forward. Source: C-71."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Product, RegionSet
from catalog.shared import SHELF
from mall.kernel import audit
from mall.kernel.caching import CONTENT, changed


@transaction.atomic
def set_regions(
    *,
    product: Product,
    sold_in: Iterable[RegionSet],
    promoted_in: Iterable[RegionSet],
    at: datetime,
    actor: Any = None,
) -> None:
    """Sell a product only in these region sets (none: everywhere), put it forward in those.

    Lists show it at once. Locks: the product.
    """
    Product.objects.locked().get(pk=product.pk)
    wanted = {"sold_in": list(sold_in), "promoted_in": list(promoted_in)}
    before = {name: _codes(getattr(product, name).all()) for name in wanted}
    for name, sets in wanted.items():
        getattr(product, name).set(sets)
    audit.record(
        actor=actor,
        verb="catalog.set_regions",
        target=product,
        before=before,
        after={name: _codes(sets) for name, sets in wanted.items()},
        at=at,
    )


@transaction.atomic
def save_region_set(region_set: RegionSet, *, at: datetime, actor: Any = None) -> RegionSet:
    """Store a set; lists and blocks that go by it show it at once."""
    before = RegionSet.objects.filter(pk=region_set.pk).values("prefixes").first()
    region_set.save()
    audit.record(
        actor=actor,
        verb="catalog.save_region_set",
        target=region_set,
        before=before or {},
        after={"prefixes": list(region_set.prefixes)},
        at=at,
    )
    changed(SHELF, CONTENT)
    return region_set


def _codes(sets: Iterable[RegionSet]) -> list[str]:
    return sorted(row.code for row in sets)
