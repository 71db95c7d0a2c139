"""Goods coming in: from suppliers, or back from shoppers. Source: requirement I-01."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Sku
from inventory.events import StockReceived
from inventory.models import StockItem, StockMovement, Warehouse
from inventory.services.booking import Change, Slip, book, by_sku, mark_products
from inventory.services.recovering import close_recovered
from inventory.services.refusing import refusing_bundles
from mall.kernel import audit
from mall.kernel.outbox import publish


def receive_stock(
    *,
    sku: Sku,
    warehouse: Warehouse,
    quantity: int,
    source_type: str,
    source_id: str,
    at: datetime,
    actor: Any = None,
    note: str = "",
) -> StockItem:
    """Take ``quantity`` pieces of one SKU in; see :func:`receive_delivery`."""
    items = receive_delivery(
        warehouse=warehouse,
        pieces={sku.pk: quantity},
        source_type=source_type,
        source_id=source_id,
        at=at,
        actor=actor,
        note=note,
    )
    return items[0]


@transaction.atomic
def receive_delivery(
    *,
    warehouse: Warehouse,
    pieces: Mapping[int, int],
    source_type: str,
    source_id: str,
    at: datetime,
    actor: Any = None,
    note: str = "",
    kind: StockMovement.Kind = StockMovement.Kind.RECEIPT,
    was_in_transit: bool = False,
) -> list[StockItem]:
    """Take in a delivery (SKU id -> pieces); ``kind`` is RECEIPT, or RETURN from a shopper.

    ``was_in_transit``: they were counted as on their way here, and are no more. The same source
    books a SKU once: repeating a delivery adds nothing. A receipt that lifts stock over its safety
    stock closes the alert. Locks: the stock rows, pk order. Queries: 7 for any number of SKUs, 2
    more when one comes back into stock. Emits: one StockReceived.
    """
    if any(number < 1 for number in pieces.values()):
        raise ValueError("only positive pieces can be received")
    items = stock_rows(warehouse.pk, pieces)
    booked = set(
        StockMovement.objects.filter(
            item__in=items, kind=kind, source_type=source_type, source_id=source_id
        ).values_list("item_id", flat=True)
    )
    numbers = {item.pk: pieces[item.sku_id] for item in items if item.pk not in booked}
    if not numbers:
        return items
    returned = [item.sku_id for item in items if item.pk in numbers and not item.available]
    changes = {
        pk: Change(on_hand=number, in_transit=-number if was_in_transit else 0)
        for pk, number in numbers.items()
    }
    book(items, changes, Slip(kind, source_type, source_id, at, actor, note))
    close_recovered(at, numbers)
    mark_products(returned)
    if actor is not None:
        _record(actor, warehouse, items, numbers, f"{source_type} {source_id}", at)
    publish(
        StockReceived(
            warehouse_id=warehouse.pk,
            source_type=source_type,
            source_id=source_id,
            pieces=by_sku(items, numbers),
            at=at,
        )
    )
    return items


def stock_rows(warehouse_id: int, sku_ids: Iterable[int]) -> list[StockItem]:
    """The locked stock rows of these SKUs in a warehouse, pk order; new ones are made empty.

    Queries: 2. Raises: BundleHasNoStock.
    """
    wanted = sorted(set(sku_ids))
    with refusing_bundles():
        StockItem.objects.bulk_create(
            [StockItem(sku_id=sku_id, warehouse_id=warehouse_id) for sku_id in wanted],
            ignore_conflicts=True,
        )
    return list(StockItem.objects.filter(warehouse=warehouse_id, sku_id__in=wanted).locked())


def _record(
    actor: Any,
    warehouse: Warehouse,
    items: list[StockItem],
    numbers: Mapping[int, int],
    source: str,
    at: datetime,
) -> None:
    """One audit row a delivery: on the stock row when it is one SKU, else on the warehouse."""
    changed = [item for item in items if item.pk in numbers]
    before = {str(item.sku_id): item.on_hand - numbers[item.pk] for item in changed}
    audit.record(
        actor=actor,
        verb="inventory.receive",
        target=changed[0] if len(changed) == 1 else warehouse,
        before={"on_hand": before},
        after={"on_hand": {str(item.sku_id): item.on_hand for item in changed}},
        reason=source[:200],
        at=at,
    )
