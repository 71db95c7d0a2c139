"""Warehouses: written by operators, with a trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from catalog.services import mark_shelf
from inventory.models import StockItem, Warehouse
from mall.kernel import audit


@transaction.atomic
def save_warehouse(
    *, warehouse: Warehouse, changed: Collection[str], at: datetime, actor: Any = None
) -> Warehouse:
    """Save a new warehouse, or what is ``changed`` of one. Queries: 2 or 3.

    Goods of a house that is taken into or out of use get new cards: 2 queries more.
    """
    before: dict[str, Any] = {}
    is_new = warehouse.pk is None
    if not is_new:
        before = model_to_dict(Warehouse.objects.get(pk=warehouse.pk), changed)
    warehouse.save()
    if "is_active" in changed and not is_new:
        stocked = StockItem.objects.filter(warehouse=warehouse, on_hand__gt=0)
        mark_shelf(stocked.values_list("sku__product_id", flat=True))
    audit.record(
        actor=actor,
        verb="inventory.save_warehouse",
        target=warehouse,
        before=before,
        after=model_to_dict(warehouse, changed),
        at=at,
    )
    return warehouse
