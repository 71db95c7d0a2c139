"""The one place where stock numbers change: a relative update of locked rows, one movement each.

The update adds to what the row holds, so that the CHECK constraints judge the true balances even
if a caller forgot to lock. Source: INV-01, INV-03.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Value, When

from catalog.models import Sku
from catalog.selectors import bundles_with
from catalog.services import mark_shelf
from inventory.models import StockItem, StockMovement
from mall.kernel.db import append

BALANCES = ("on_hand", "reserved", "in_transit", "defective")


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to one stock row, in pieces."""

    on_hand: int = 0
    reserved: int = 0
    in_transit: int = 0
    defective: int = 0

    @property
    def available(self) -> int:
        """The effect on free pieces."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class Slip:
    """Why stock changes: written on every movement of the change."""

    kind: StockMovement.Kind
    source_type: str
    source_id: str
    at: datetime
    actor: Any = None
    note: str = ""


def book(items: Iterable[StockItem], changes: Mapping[int, Change], slip: Slip) -> None:
    """Apply ``changes`` (item id -> change) to locked ``items`` and write their movements.

    The items in memory are brought up to date. Queries: 2, however many items; 1 when pieces only
    change their owner; 1 less inside `appended_together`, 2 more when too few are left for a bundle
    of which they are part.
    """
    changed = [item for item in items if item.pk in changes]
    if any(change != Change() for change in changes.values()):
        _add(changed, changes)
        _mark_bundles(changed, changes)
    append(_movement(item, changes[item.pk], slip) for item in changed)


def _add(changed: Sequence[StockItem], changes: Mapping[int, Change]) -> None:
    """Only the balances that change are in the statement: a sale never writes the defects."""
    moved = [name for name in BALANCES if any(getattr(c, name) for c in changes.values())]
    pieces = [[getattr(changes[item.pk], name) for item in changed] for name in moved]
    with connection.cursor() as cursor:
        cursor.execute(_adding(moved), [[item.pk for item in changed], *pieces])
    for item in changed:
        for name in moved:
            setattr(item, name, getattr(item, name) + getattr(changes[item.pk], name))


def _adding(names: Sequence[str]) -> str:
    """The UPDATE that adds pieces to these balances of rows, given as arrays beside each other."""
    return f"""
        UPDATE "{StockItem._meta.db_table}" AS item
           SET {", ".join(f"{name} = item.{name} + added.{name}" for name in names)}
          FROM unnest(%s::bigint[]{", %s::integer[]" * len(names)}) AS added(id, {", ".join(names)})
         WHERE item.id = added.id
    """  # noqa: S608 - names of its own columns


def _mark_bundles(changed: Iterable[StockItem], changes: Mapping[int, Change]) -> None:
    """Tell the shelf of bundles that may have come in or gone out of stock: one of their parts was,
    or is, fewer than one of them takes. Queries: 0 or 2."""
    few = [
        item.sku_id
        for item in changed
        if item.bundled_each
        and (gained := changes[item.pk].available)
        and min(item.available, item.available - gained) < item.bundled_each
    ]
    if few:
        mark_shelf(bundles_with(few).values_list("product_id", flat=True))


def added(pieces: Mapping[int, int]) -> Case:
    """An expression that gives each row (by pk) its own number of pieces, 0 to the others."""
    whens = [When(pk=pk, then=Value(number)) for pk, number in pieces.items() if number]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def mark_products(sku_ids: Iterable[int]) -> None:
    """Tell the shelf that these SKUs may have come in or gone out of stock. Queries: 0 or 2."""
    ids = list(sku_ids)
    if ids:
        mark_shelf(Sku.objects.filter(pk__in=ids).values_list("product_id", flat=True))


def by_sku(items: Iterable[StockItem], pieces: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """(SKU id, pieces) of an event, from pieces by item id."""
    totals: dict[int, int] = {}
    for item in items:
        if pieces.get(item.pk):
            totals[item.sku_id] = totals.get(item.sku_id, 0) + pieces[item.pk]
    return tuple(sorted(totals.items()))


def _movement(item: StockItem, change: Change, slip: Slip) -> StockMovement:
    return StockMovement(
        item=item,
        kind=slip.kind,
        delta_on_hand=change.on_hand,
        delta_reserved=change.reserved,
        delta_in_transit=change.in_transit,
        delta_defective=change.defective,
        on_hand_after=item.on_hand,
        reserved_after=item.reserved,
        in_transit_after=item.in_transit,
        defective_after=item.defective,
        source_type=slip.source_type,
        source_id=slip.source_id,
        actor=slip.actor,
        note=slip.note,
        at=slip.at,
    )
