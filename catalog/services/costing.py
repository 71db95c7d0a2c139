"""What goods cost the shop, moved by what is bought: the weighted average. Source: I-36."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Sku
from mall.kernel import audit
from mall.kernel.money import half_up


@dataclass(frozen=True, slots=True)
class Purchase:
    """``pieces`` bought at ``cost_fen`` each, when ``held`` pieces were there already."""

    pieces: int
    cost_fen: int
    held: int


def averaged(cost_fen: int, purchase: Purchase) -> int:
    """The cost of a piece once the purchase lies with the rest. A cost of 0 is unknown: it does
    not count."""
    held = purchase.held if cost_fen else 0
    pieces = held + purchase.pieces
    return half_up(held * cost_fen + purchase.pieces * purchase.cost_fen, pieces)


@transaction.atomic
def average_costs(
    *, purchases: Mapping[int, Purchase], reference: str, at: datetime, actor: Any = None
) -> dict[int, tuple[int, int]]:
    """Move the standard cost of each SKU (id -> purchase); returns its cost before and after.

    Locks: the SKUs, pk order. Queries: 2, and 1 for each cost that moves.
    """
    moved: dict[int, tuple[int, int]] = {}
    changed = []
    for sku in list(Sku.objects.filter(pk__in=list(purchases)).locked()):
        before, after = sku.cost_fen, averaged(sku.cost_fen, purchases[sku.pk])
        moved[sku.pk] = (before, after)
        if before != after:
            sku.cost_fen = after
            changed.append(sku)
    Sku.objects.bulk_update(changed, ["cost_fen"])
    for sku in changed:
        before, after = moved[sku.pk]
        audit.record(
            actor=actor,
            verb="catalog.average_cost",
            target=sku,
            before={"cost_fen": before},
            after={"cost_fen": after},
            reason=reference,
            at=at,
        )
    return moved
