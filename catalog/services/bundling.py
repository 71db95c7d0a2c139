"""What a SKU is made of: an ordinary one becomes a bundle, its parts change, it is taken apart.
Source: requirement C-13; docs/adr/0015.

Orders keep the parts that they were placed with.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalog.errors import (
    BundleGivenAway,
    BundleHasStock,
    BundleInBundle,
    BundleIsPart,
    BundlePartGiftOnly,
    BundlePartPieces,
    BundleTooLarge,
)
from catalog.models import BundlePart, Sku
from catalog.models.bundle import MOST_EACH
from catalog.services.shelving import mark_shelf
from mall.kernel import audit
from mall.kernel.errors import NotFound

MOST_PARTS = 20
OWN_STOCK = "has stock of its own"
"""What the database says when a SKU with stock would become a bundle."""

Check = Callable[[Sku], None]
_checks: list[Check] = []


def register_bundle_check(check: Check) -> None:
    """Let ``check(sku)`` refuse a SKU that would become a bundle; called from ``apps.py``."""
    if check not in _checks:
        _checks.append(check)


@transaction.atomic
def set_bundle_parts(
    *, sku_id: int, parts: Mapping[int, int], at: datetime, actor: Any = None
) -> Sku:
    """Make a SKU of ``parts`` (SKU id -> pieces in each), in this order; without any it is a
    bundle no more.

    What it costs the shop and weighs follows its parts, in the database. Locks: the SKU and its
    parts, pk order. Queries: 14, the same for 1 part and for 20; none is written when nothing
    changes. Raises: NotFound, BundleTooLarge, BundlePartPieces, BundleInBundle, BundlePartGiftOnly,
    BundleGivenAway, BundleIsPart, BundleHasStock, what registered checks raise.
    """
    rows = {row.pk: row for row in Sku.objects.filter(pk__in=[sku_id, *parts]).locked()}
    if {sku_id, *parts} != set(rows):
        raise NotFound
    sku: Sku = rows[sku_id]
    _check(sku, [rows[part_id] for part_id in parts], parts)
    before = dict(BundlePart.objects.filter(bundle=sku).values_list("part__code", "quantity"))
    after = {rows[part_id].code: pieces for part_id, pieces in parts.items()}
    if list(before.items()) == list(after.items()):
        return sku
    _write(sku, parts)
    audit.record(
        actor=actor,
        verb="catalog.set_bundle_parts",
        target=sku,
        before={"parts": before},
        after={"parts": after},
        at=at,
    )
    mark_shelf([sku.product_id])
    return sku


def check_given(sku: Sku) -> None:
    """Raises: BundleGivenAway, BundlePartGiftOnly when a gift is a bundle or part of one."""
    if sku.is_gift_only and sku.is_bundle:
        raise BundleGivenAway(sku=sku.code)
    if sku.is_gift_only and sku.bundled_each:
        raise BundlePartGiftOnly(sku=sku.code)


def _check(sku: Sku, chosen: Collection[Sku], parts: Mapping[int, int]) -> None:
    """Refuse what the database would refuse, in words."""
    if len(parts) > MOST_PARTS:
        raise BundleTooLarge(most=MOST_PARTS)
    if any(not 1 <= pieces <= MOST_EACH for pieces in parts.values()):
        raise BundlePartPieces(most=MOST_EACH)
    for part in chosen:
        if part.is_bundle or part.pk == sku.pk:
            raise BundleInBundle(sku=part.code)
        if part.is_gift_only:
            raise BundlePartGiftOnly(sku=part.code)
    if parts and sku.is_gift_only:
        raise BundleGivenAway(sku=sku.code)
    if parts and sku.bundled_each:
        raise BundleIsPart(sku=sku.code)


def _write(sku: Sku, parts: Mapping[int, int]) -> None:
    """A bundle before it has parts, and until it has none."""
    if parts and not sku.is_bundle:
        for check in _checks:
            check(sku)
        sku.is_bundle = True
        _save(sku)
    BundlePart.objects.filter(bundle=sku).delete()
    BundlePart.objects.bulk_create(
        BundlePart(bundle=sku, part_id=part_id, quantity=pieces, sort=sort)
        for sort, (part_id, pieces) in enumerate(parts.items())
    )
    if not parts:
        sku.is_bundle = False
        _save(sku)


def _save(sku: Sku) -> None:
    """Raises: BundleHasStock."""
    try:
        with transaction.atomic():
            sku.save(update_fields=["is_bundle"])
    except IntegrityError as error:
        if OWN_STOCK not in str(error):
            raise
        raise BundleHasStock(sku=sku.code) from error
