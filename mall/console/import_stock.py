"""Stock in a file of goods: opening stock, or what the warehouse has. Rules: docs/imports.md."""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from catalog.models import Sku
from catalog.services import Problem
from inventory.errors import BundleHasNoStock
from inventory.models import StockItem, StockMovement, Warehouse
from inventory.services import count_stock, receive_delivery
from mall.kernel.errors import ShopError

SOURCE = "import_catalog"
OPENING = "opening"


@dataclasses.dataclass(frozen=True, slots=True)
class Booking:
    """Where stock is written, when and by whom."""

    warehouse: Warehouse
    at: datetime
    actor: Any


def leave_out_bundles(stock: dict[int, int], places: Mapping[str, str]) -> Iterator[Problem]:
    """Take bundles out of ``stock`` (SKU id -> pieces), and say so: their parts have it (C-13).
    Queries: 1."""
    bundles = Sku.objects.filter(pk__in=stock, is_bundle=True)
    for pk, code in bundles.values_list("pk", "code"):
        del stock[pk]
        yield Problem(places[code], "stock", str(BundleHasNoStock()))


def set_counts(
    stock: Mapping[int, int], deed: Booking, places: Mapping[str, str], problems: list[Problem]
) -> int:
    """Count what lies in the warehouse as the file says; returns how many SKUs were corrected.

    Each is a count of inventory's own, with its movement, its loss and its trail. Fewer pieces than
    are promised to orders are a problem of the row. Queries: 1, and those of a count for each that
    differs. Locks: stock rows, pk order.
    """
    items = StockItem.objects.filter(warehouse=deed.warehouse, sku__in=stock).select_related("sku")
    done = 0
    for item in items.order_by("pk"):
        counted = stock[item.sku_id]
        if counted == item.on_hand:
            continue
        try:
            count_stock(
                item_id=item.pk, counted=counted, at=deed.at, actor=deed.actor, note=_("imported")
            )
        except ShopError as refusal:
            problems.append(Problem(places[item.sku.code], "stock", str(refusal)))
        else:
            done += 1
    return done


def take_in(stock: Mapping[int, int], deed: Booking, *, is_set: bool) -> int:
    """Receive the stock of SKUs that never had any; returns the pieces.

    Whatever moved before has its own figures: a file that was given out and comes back adds
    nothing. ``is_set``: those that have no row in this warehouse yet, wherever else they lie.
    """
    rows = StockItem.objects.filter(sku__in=stock)
    if is_set:
        known = rows.filter(warehouse=deed.warehouse)
    else:
        known = rows.filter(Exists(StockMovement.objects.filter(item=OuterRef("pk"))))
    fresh = stock.keys() - set(known.values_list("sku_id", flat=True))
    pieces = {sku_id: stock[sku_id] for sku_id in fresh if stock[sku_id]}
    if pieces:
        receive_delivery(
            warehouse=deed.warehouse,
            pieces=pieces,
            source_type=SOURCE,
            source_id=OPENING,
            at=deed.at,
            actor=deed.actor,
        )
    return sum(pieces.values())
