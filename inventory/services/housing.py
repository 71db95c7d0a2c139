"""Warehouses: written by operators, with a trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from catalog.selectors import bundles_with
from catalog.services import mark_shelf
from inventory.models import StockItem, Warehouse
from mall.kernel import audit

SELLING = frozenset({"is_active", "kind"})
"""What decides whether its goods, and bundles of them, are sold."""


@transaction.atomic
def save_warehouse(
    *, warehouse: Warehouse, changed: Collection[str], at: datetime, actor: Any = None
) -> Warehouse:
    """Save a new warehouse, or what is ``changed`` of one. Queries: 2 or 3.

    Goods of a house that is taken into or out of use, or packs bundles no more, get new cards, and
    their bundles: 3 queries more.
    """
    before: dict[str, Any] = {}
    is_new = warehouse.pk is None
    if not is_new:
        before = model_to_dict(Warehouse.objects.get(pk=warehouse.pk), changed)
    warehouse.save()
    if not is_new and not SELLING.isdisjoint(changed):
        _mark_goods(warehouse)
    audit.record(
        actor=actor,
        verb="inventory.save_warehouse",
        target=warehouse,
        before=before,
        after=model_to_dict(warehouse, changed),
        at=at,
    )
    return warehouse


def _mark_goods(warehouse: Warehouse) -> None:
    stocked = StockItem.objects.filter(warehouse=warehouse, on_hand__gt=0)
    bundles = bundles_with(stocked.values("sku_id"))
    products = stocked.values_list("sku__product_id", flat=True)
    mark_shelf([*products, *bundles.values_list("product_id", flat=True)])
