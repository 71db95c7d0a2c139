"""Suggesting what to buy or make, once a cause, and noting that it was dealt with.

Source: P-31, O-32, I-38.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inventory.models import PurchaseSuggestion
from inventory.selectors import buyer_ids
from mall.kernel import audit
from mall.kernel.errors import Conflict
from mall.kernel.notify import notify


@transaction.atomic
def suggest_purchase(
    *,
    pieces: Mapping[int, int],
    source_type: str,
    source_id: str,
    title: str,
    at: datetime,
    due_on: date | None = None,
) -> int:
    """Suggest ``pieces`` (SKU id -> pieces) for one cause and tell the buyers; running it twice
    suggests none twice. Returns how many suggestions are new. Queries: 2, and 2 to tell."""
    known = set(
        PurchaseSuggestion.objects.filter(source_type=source_type, source_id=source_id).values_list(
            "sku_id", flat=True
        )
    )
    rows = [
        PurchaseSuggestion(
            sku_id=sku_id,
            source_type=source_type,
            source_id=source_id,
            title=title,
            pieces=number,
            due_on=due_on,
            suggested_at=at,
        )
        for sku_id, number in sorted(pieces.items())
        if number > 0 and sku_id not in known
    ]
    PurchaseSuggestion.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        notify(
            buyer_ids(),
            "inventory.purchase_suggested",
            {"title": title, "pieces": sum(row.pieces for row in rows)},
            route=("admin:inventory_purchasesuggestion_changelist", ()),
            source=f"purchase:{source_type}:{source_id}",
            at=at,
        )
    return len(rows)


@transaction.atomic
def settle_suggestion(*, suggestion_id: int, note: str, at: datetime, actor: Any) -> None:
    """An operator has ordered the pieces, or decided not to; the trail says who and why.

    Locks: the suggestion. Raises: Conflict when it was dealt with already.
    """
    open_one = PurchaseSuggestion.objects.open().filter(pk=suggestion_id)
    if not open_one.update(settled_at=at, settled_by=actor, note=note):
        raise Conflict
    audit.record(
        actor=actor,
        verb="inventory.settle_suggestion",
        target=PurchaseSuggestion.objects.get(pk=suggestion_id),
        after={"note": note},
        at=at,
    )
