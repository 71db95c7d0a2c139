"""Goods that come back from shoppers: expected, arrived, inspected piece by piece, or called off.

Grade A is sold again; B and C wait among the defects for their disposal; D is scrapped at once.
Locks: the intake, then its stock rows, pk order. Source: requirements I-22, O-47.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.models import Sku
from inventory.events import StockReceived
from inventory.models import (
    Grade,
    ReturnIntake,
    ReturnIntakeLine,
    StockItem,
    StockLoss,
    StockMovement,
)
from inventory.services.booking import Change, Slip, book, mark_products
from inventory.services.losing import Loss, record_losses
from inventory.services.receiving import stock_rows
from inventory.services.recovering import close_recovered
from mall.kernel import audit
from mall.kernel.outbox import publish

AFTER_SALE = "after_sale"
Status = ReturnIntake.Status
Kind = StockMovement.Kind


@dataclass(frozen=True, slots=True)
class ReturnedPiece:
    """Pieces of one SKU that the inspection gave one grade."""

    sku_id: int
    pieces: int
    grade: str


@transaction.atomic
def expect_return(
    *, after_sale_number: str, pieces: Mapping[int, int], warehouse_id: int, at: datetime
) -> ReturnIntake:
    """Tell a warehouse that ``pieces`` (SKU id -> pieces) are on their way back; once a number."""
    intake, is_new = ReturnIntake.objects.get_or_create(
        after_sale_number=after_sale_number,
        defaults={"warehouse_id": warehouse_id, "expected_at": at},
    )
    if is_new:
        ReturnIntakeLine.objects.bulk_create(
            [
                ReturnIntakeLine(intake=intake, sku_id=sku_id, pieces=number)
                for sku_id, number in sorted(pieces.items())
            ]
        )
    return intake


def arrive_return(*, after_sale_number: str, at: datetime, actor: Any = None) -> bool:
    """The parcel is here and waits for its inspection, also one that nobody awaited any more; False
    when it was known already."""
    expected = ReturnIntake.objects.filter(
        after_sale_number=after_sale_number, status__in=(Status.EXPECTED, Status.CALLED_OFF)
    )
    with transaction.atomic():
        if not expected.update(status=Status.ARRIVED, arrived_at=at):
            return False
        audit.record(
            actor=actor,
            verb="inventory.arrive_return",
            target=ReturnIntake.objects.get(after_sale_number=after_sale_number),
            at=at,
        )
    return True


@transaction.atomic
def call_off_return(*, after_sale_number: str) -> bool:
    """Nothing comes any more: its case is over. False when the goods are here and wait for their
    inspection. Locks: the intake. Queries: 1, 2 when it was expected."""
    intake = ReturnIntake.objects.filter(after_sale_number=after_sale_number).locked().first()
    if intake is not None and intake.status == Status.EXPECTED:
        intake.status = Status.CALLED_OFF
        intake.save(update_fields=["status"])
    return intake is None or intake.status != Status.ARRIVED


@transaction.atomic
def receive_return(
    *,
    after_sale_number: str,
    lines: Sequence[ReturnedPiece],
    warehouse_id: int,
    at: datetime,
    actor: Any = None,
) -> ReturnIntake:
    """Book what the inspection of an after-sale found, once: a repeat changes nothing.

    A adds to on hand, B and C to the defects with a row of loss, D is scrapped: its cost is posted
    as lost. Locks: the intake, then the stock rows. Raises: ValueError on pieces that are not
    positive or a grade that does not exist. Emits: StockReceived for what is sold again.
    """
    graded = _merged(lines)
    ReturnIntake.objects.get_or_create(
        after_sale_number=after_sale_number,
        defaults={"warehouse_id": warehouse_id, "expected_at": at},
    )
    intake = ReturnIntake.objects.locked().get(after_sale_number=after_sale_number)
    if intake.status == Status.INSPECTED:
        return intake
    items = stock_rows(warehouse_id, {line.sku_id for line in graded})
    slip = Slip(Kind.RETURN, AFTER_SALE, after_sale_number, at, actor)
    _book(items, graded, slip)
    _lose(graded, warehouse_id, slip)
    _close(intake, graded, warehouse_id, at)
    audit.record(
        actor=actor,
        verb="inventory.receive_return",
        target=intake,
        after={"lines": [f"{line.sku_id} {line.grade} ×{line.pieces}" for line in graded]},
        at=at,
    )
    return intake


def _merged(lines: Sequence[ReturnedPiece]) -> list[ReturnedPiece]:
    totals = Counter[tuple[int, str]]()
    for line in lines:
        if line.pieces < 1 or line.grade not in Grade.values:
            raise ValueError(f"{line.pieces} pieces of grade {line.grade} cannot come back")
        totals[line.sku_id, line.grade] += line.pieces
    return [ReturnedPiece(sku, pieces, grade) for (sku, grade), pieces in sorted(totals.items())]


def _book(items: Sequence[StockItem], graded: Sequence[ReturnedPiece], slip: Slip) -> None:
    """One RETURN a stock row; what is scrapped comes in as defective and leaves at once."""
    good, bad, scrapped = Counter[int](), Counter[int](), Counter[int]()
    for line in graded:
        (good if line.grade == Grade.A else bad)[line.sku_id] += line.pieces
        if line.grade == Grade.D:
            scrapped[line.sku_id] += line.pieces
    back = [item.sku_id for item in items if good[item.sku_id] and not item.available]
    book(
        items,
        {item.pk: Change(on_hand=good[item.sku_id], defective=bad[item.sku_id]) for item in items},
        slip,
    )
    gone = {i.pk: Change(defective=-scrapped[i.sku_id]) for i in items if scrapped[i.sku_id]}
    if gone:
        book(items, gone, replace(slip, kind=Kind.SCRAP))
    close_recovered(slip.at, items)
    mark_products(back)
    if good:
        publish(
            StockReceived(
                warehouse_id=items[0].warehouse_id,
                source_type=slip.source_type,
                source_id=slip.source_id,
                pieces=tuple(sorted(good.items())),
                at=slip.at,
            )
        )


def _lose(graded: Sequence[ReturnedPiece], warehouse_id: int, slip: Slip) -> None:
    lost = Counter[tuple[int, StockLoss.Kind]]()
    for line in graded:
        if line.grade != Grade.A:
            scrapped = line.grade == Grade.D
            kind = StockLoss.Kind.SCRAP if scrapped else StockLoss.Kind.DEFECTIVE_RETURN
            lost[line.sku_id, kind] += line.pieces
    if not lost:
        return
    costs = dict(
        Sku.objects.filter(pk__in={sku for sku, _kind in lost}).values_list("pk", "cost_fen")
    )
    record_losses(
        [
            Loss(warehouse_id, sku, kind, (costs[sku] or 0) * pieces, counted=pieces)
            for (sku, kind), pieces in lost.items()
        ],
        slip,
    )


def _close(
    intake: ReturnIntake, graded: Sequence[ReturnedPiece], warehouse_id: int, at: datetime
) -> None:
    ReturnIntakeLine.objects.bulk_create(
        [
            ReturnIntakeLine(
                intake=intake, sku_id=line.sku_id, grade=line.grade, pieces=line.pieces
            )
            for line in graded
        ]
    )
    intake.status = Status.INSPECTED
    intake.warehouse_id = warehouse_id
    intake.arrived_at = intake.arrived_at or at
    intake.inspected_at = at
    intake.save(update_fields=["status", "warehouse", "arrived_at", "inspected_at"])
