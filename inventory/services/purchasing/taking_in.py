"""What comes of a purchase order: inspected, taken in, paid for, and the cost it moves.

Source: I-26, I-36, I-42.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.services import Purchase, average_costs
from inventory.errors import OverReceipt
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    StockItem,
    SupplierCharge,
    SupplierFact,
    Warehouse,
)
from inventory.services.purchasing.drafting import refused
from inventory.services.purchasing.moving import PURCHASE, move_purchase
from inventory.services.receiving import receive_delivery
from inventory.services.refusing import refusing_bundles
from inventory.services.supplying.noting import post_supplier_charge, record_supplier_fact

Status = PurchaseOrder.Status


@dataclass(frozen=True, slots=True)
class Delivered:
    """Pieces of one line: taken in, and sent back at the door because they failed inspection."""

    accepted: int
    refused: int = 0


@transaction.atomic
def receive_purchase(
    *,
    order_id: int,
    note_number: str,
    delivered: Mapping[int, Delivered],
    at: datetime,
    actor: Any = None,
) -> GoodsReceipt:
    """Take in a delivery (line id -> pieces) under its delivery note, once a note.

    Accepted pieces move from in transit to on hand and are owed; refused ones stay open. The
    standard cost becomes the weighted average over our warehouses. Locks: the order, the supplier's
    amounts, the stock rows of these SKUs in all our warehouses, the SKUs. Raises:
    PurchaseMoveRefused, OverReceipt. Emits: one StockReceived.
    """
    order = PurchaseOrder.objects.locked().select_related("warehouse").get(pk=order_id)
    known = order.receipts.filter(note_number=note_number).first()
    if known is not None:
        return known
    if order.status not in (Status.SENT, Status.PART_RECEIVED):
        raise refused(order)
    lines = list(order.lines.select_related("sku").order_by("pk"))
    came = _checked(order, lines, delivered)
    receipt = GoodsReceipt.objects.create(order=order, note_number=note_number, at=at, actor=actor)
    _note(order, f"{order.number}/{note_number}", came, at)
    costs = _shelve(order, receipt, came, actor)
    GoodsReceiptLine.objects.bulk_create(
        [
            GoodsReceiptLine(
                receipt=receipt,
                line=line,
                accepted=part.accepted,
                refused=part.refused,
                cost_before_fen=costs.get(line.sku_id, (line.sku.cost_fen,) * 2)[0],
                cost_after_fen=costs.get(line.sku_id, (line.sku.cost_fen,) * 2)[1],
            )
            for line, part in came
        ]
    )
    if any(part.accepted for _line, part in came):
        done = all(not line.left for line in lines)
        move_purchase(order, Status.RECEIVED if done else Status.PART_RECEIVED, at, actor)
    return receipt


Came = Sequence[tuple[PurchaseOrderLine, Delivered]]


def _checked(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], delivered: Mapping[int, Delivered]
) -> list[tuple[PurchaseOrderLine, Delivered]]:
    """The lines something came for. Raises: OverReceipt, ValueError."""
    if set(delivered) - {line.pk for line in lines}:
        raise ValueError("a line of another order")
    came = []
    for line in lines:
        part = delivered.get(line.pk, Delivered(0))
        if part.accepted < 0 or part.refused < 0:
            raise ValueError("pieces are not negative")
        if part.accepted > line.left:
            raise OverReceipt(left=line.left, sku=line.sku.code, number=order.number)
        if part.accepted or part.refused:
            came.append((line, part))
    if not came:
        raise ValueError("a delivery of nothing")
    return came


def _note(order: PurchaseOrder, reference: str, came: Came, at: datetime) -> None:
    """Count the pieces on their lines, note the inspection and what is owed."""
    for line, part in came:
        line.received += part.accepted
    PurchaseOrderLine.objects.bulk_update([line for line, _part in came], ["received"])
    good = sum(part.accepted for _line, part in came)
    record_supplier_fact(
        kind=SupplierFact.Kind.INSPECTED,
        supplier_id=order.supplier_id,
        reference=reference,
        good=good,
        total=good + sum(part.refused for _line, part in came),
        at=at,
    )
    post_supplier_charge(
        supplier_id=order.supplier_id,
        kind=SupplierCharge.Kind.GOODS,
        reference=reference,
        amount_fen=sum(part.accepted * line.cost_fen for line, part in came),
        facts={"purchase_order": order.number},
        at=at,
    )


def _shelve(
    order: PurchaseOrder, receipt: GoodsReceipt, came: Came, actor: Any
) -> dict[int, tuple[int, int]]:
    """Book the accepted pieces and move the costs; costs before and after by SKU id."""
    accepted = {line.sku_id: (line, part.accepted) for line, part in came if part.accepted}
    if not accepted:
        return {}
    held = _held(order.warehouse, accepted)
    reference = f"{order.number}/{receipt.note_number}"
    receive_delivery(
        warehouse=order.warehouse,
        pieces={sku_id: pieces for sku_id, (_line, pieces) in accepted.items()},
        source_type=PURCHASE,
        source_id=reference,
        at=receipt.at,
        actor=actor,
        was_in_transit=True,
    )
    return average_costs(
        purchases={
            sku_id: Purchase(pieces=pieces, cost_fen=line.cost_fen, held=held[sku_id])
            for sku_id, (line, pieces) in accepted.items()
        },
        reference=reference,
        at=receipt.at,
        actor=actor,
    )


def _held(warehouse: Warehouse, sku_ids: Mapping[int, Any]) -> Counter[int]:
    """Pieces of these SKUs in our warehouses, locked so that the average counts each once."""
    with refusing_bundles():
        StockItem.objects.bulk_create(
            [StockItem(sku_id=sku_id, warehouse=warehouse) for sku_id in sorted(sku_ids)],
            ignore_conflicts=True,
        )
    ours = StockItem.objects.filter(sku__in=list(sku_ids), warehouse__supplier=None)
    held = Counter[int]()
    for item in list(ours.filter(warehouse__is_active=True).locked()):
        held[item.sku_id] += item.on_hand
    return held
