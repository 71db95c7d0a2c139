"""What an operator sets right by hand: counts, write-offs, the safety stock."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from inventory.errors import CountBelowReserved
from inventory.events import StockCounted
from inventory.models import StockItem, StockLoss, StockMovement
from inventory.services.booking import Change, Slip, book, mark_products
from inventory.services.losing import Loss, record_losses
from inventory.services.recovering import close_recovered
from mall.kernel import audit
from mall.kernel.errors import Conflict
from mall.kernel.outbox import publish


@transaction.atomic
def count_stock(
    *,
    item_id: int,
    counted: int,
    at: datetime,
    actor: Any = None,
    note: str = "",
    seen_on_hand: int | None = None,
) -> StockItem:
    """Set what is on hand to what was counted; a right count is written down too.

    ``seen_on_hand`` is what the counter's list said: if stock moved meanwhile, count again.
    Locks: the stock row. Raises: Conflict, CountBelowReserved. Emits: one StockCounted.
    """
    item = StockItem.objects.select_related("sku").locked().get(pk=item_id)
    if seen_on_hand is not None and seen_on_hand != item.on_hand:
        raise Conflict
    source_id = uuid4().hex
    slip = Slip(StockMovement.Kind.COUNT, "count", source_id, at, actor, note)
    return _correct(item, counted - item.on_hand, slip)


@transaction.atomic
def write_off_stock(
    *,
    item_id: int,
    quantity: int,
    source_type: str,
    source_id: str,
    at: datetime,
    actor: Any = None,
    note: str = "",
) -> StockItem:
    """Take broken, lost or expired pieces off the books; never pieces promised to an order.

    The same source is written off once: repeating it changes nothing. Locks: the stock row.
    Raises: CountBelowReserved. Emits: one StockCounted.
    """
    if quantity < 1:
        raise ValueError("only positive pieces can be written off")
    item = StockItem.objects.select_related("sku").locked().get(pk=item_id)
    kind = StockMovement.Kind.WRITE_OFF
    if item.movements.filter(kind=kind, source_type=source_type, source_id=source_id).exists():
        return item
    slip = Slip(kind, source_type, source_id, at, actor, note)
    return _correct(item, -quantity, slip)


def _correct(item: StockItem, difference: int, slip: Slip) -> StockItem:
    before = item.on_hand
    was_available = item.available
    if before + difference < item.reserved:
        raise CountBelowReserved(reserved=item.reserved, sku=item.sku.code)
    book([item], {item.pk: Change(on_hand=difference)}, slip)
    close_recovered(slip.at, [item])
    if bool(was_available) != bool(item.available):
        mark_products([item.sku_id])
    audit.record(
        actor=slip.actor,
        verb=f"inventory.{slip.kind}",
        target=item,
        before={"on_hand": before},
        after={"on_hand": item.on_hand},
        reason=slip.note,
        at=slip.at,
    )
    _lose(item, difference, slip)
    publish(StockCounted(item_id=item.pk, sku_id=item.sku_id, difference=difference, at=slip.at))
    return item


def _lose(item: StockItem, difference: int, slip: Slip) -> None:
    if difference >= 0:
        return
    counted = slip.kind == StockMovement.Kind.COUNT
    kind = StockLoss.Kind.MISSING if counted else StockLoss.Kind.WRITTEN_OFF
    cost_fen = item.sku.cost_fen * -difference
    record_losses([Loss(item.warehouse_id, item.sku_id, kind, cost_fen, counted=-difference)], slip)


@transaction.atomic
def set_safety_stock(
    *, item_id: int, safety_stock: int, at: datetime, actor: Any = None
) -> StockItem:
    """Say under how many free pieces stock is low (0: never). A typed number is kept: the daily
    forecast computes only the others. Locks: the stock row."""
    item = StockItem.objects.locked().get(pk=item_id)
    before = item.safety_stock
    if safety_stock < 0:
        raise ValueError("a safety stock is never negative")
    item.safety_stock = safety_stock
    item.is_safety_typed = True
    item.reorder_point = 0
    item.save(update_fields=["safety_stock", "is_safety_typed", "reorder_point"])
    close_recovered(at, [item])
    audit.record(
        actor=actor,
        verb="inventory.set_safety_stock",
        target=item,
        before={"safety_stock": before},
        after={"safety_stock": safety_stock},
        at=at,
    )
    return item
