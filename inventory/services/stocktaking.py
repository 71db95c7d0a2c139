"""Stocktakes and adjustments: counted or explained by one person, approved by another.

What is booked on approval is the difference, added to the stock of that moment (F-36): pieces
sold or received since the count stay as they are. Locks: the stocktake, then its stock rows, pk
order. Source: requirement I-09.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.errors import (
    CountBelowReserved,
    NothingCounted,
    PaperMoveRefused,
    ReasonMissing,
    SamePerson,
)
from inventory.events import StocktakeBooked
from inventory.models import StockItem, StockLoss, StockMovement, Stocktake, StocktakeLine
from inventory.services.booking import Change, Slip, book, mark_products
from inventory.services.losing import Loss, record_losses
from inventory.services.numbers import document_number
from inventory.services.recovering import close_recovered
from mall.kernel import audit
from mall.kernel.outbox import publish

Status = Stocktake.Status
STOCKTAKE = "stocktake"
MOST_LINES = 5_000


@transaction.atomic
def open_stocktake(
    *,
    warehouse_id: int,
    at: datetime,
    actor: Any = None,
    item_ids: Collection[int] | None = None,
    note: str = "",
) -> Stocktake:
    """List the stock of a warehouse, or some of its rows, to be counted."""
    rows = StockItem.objects.filter(warehouse=warehouse_id).order_by("pk")
    if item_ids is not None:
        rows = rows.filter(pk__in=list(item_ids))
    paper = _paper(Stocktake.Kind.COUNT, "ST", warehouse_id, at, note)
    StocktakeLine.objects.bulk_create(
        [
            StocktakeLine(stocktake=paper, item_id=pk, book=on_hand)
            for pk, on_hand in rows.values_list("pk", "on_hand")[:MOST_LINES]
        ]
    )
    _record("inventory.open_stocktake", paper, at, actor)
    return paper


@transaction.atomic
def adjust_stock(
    *, item_id: int, difference: int, reason: str, at: datetime, actor: Any
) -> Stocktake:
    """Ask for ``difference`` pieces more or less of one row; booked when somebody else approves.

    Raises: CountBelowReserved when it could not be booked now.
    """
    if not difference or not reason:
        raise ValueError("an adjustment has a difference and a reason")
    item = StockItem.objects.select_related("sku").get(pk=item_id)
    _refuse_promised([(item, difference)])
    paper = _paper(Stocktake.Kind.ADJUST, "AD", item.warehouse_id, at, reason)
    StocktakeLine.objects.create(
        stocktake=paper, item=item, book=item.on_hand, difference=difference, reason=reason
    )
    _hand_in(paper, at, actor)
    return paper


@transaction.atomic
def enter_counts(
    *,
    stocktake_id: int,
    counted: Mapping[int, int],
    reasons: Mapping[int, str],
    at: datetime,
    actor: Any = None,
) -> int:
    """Write counts (stock row id -> pieces) with the book of this moment beside them.

    Returns the lines that differ. Raises: PaperMoveRefused, ReasonMissing for a difference.
    """
    paper = _lock(stocktake_id, Status.COUNTING)
    lines = list(
        paper.lines.filter(item__in=list(counted)).select_related("item__sku").order_by("item")
    )
    for line in lines:
        line.book, line.counted = line.item.on_hand, counted[line.item_id]
        line.difference = line.counted - line.book
        line.reason = reasons.get(line.item_id, "")
        if line.difference and not line.reason:
            raise ReasonMissing(sku=line.item.sku.code)
    StocktakeLine.objects.bulk_update(lines, ["book", "counted", "difference", "reason"])
    _record("inventory.enter_counts", paper, at, actor, {"lines": len(lines)})
    return sum(bool(line.difference) for line in lines)


@transaction.atomic
def submit_stocktake(*, stocktake_id: int, at: datetime, actor: Any) -> Stocktake:
    """Hand the counted list in; lines that nobody counted are left alone.

    Raises: PaperMoveRefused, NothingCounted.
    """
    paper = _lock(stocktake_id, Status.COUNTING)
    if not paper.lines.filter(counted__isnull=False).exists():
        raise NothingCounted(number=paper.number)
    _hand_in(paper, at, actor)
    return paper


@transaction.atomic
def approve_stocktake(*, stocktake_id: int, at: datetime, actor: Any) -> Stocktake:
    """Book the differences of a paper that somebody else handed in.

    Queries: the same for 1 line and for 50. Raises: PaperMoveRefused, SamePerson,
    CountBelowReserved. Emits: one StocktakeBooked.
    """
    paper = _lock(stocktake_id, Status.WAITING)
    _decide(paper, Status.APPROVED, at, actor)
    lines = list(paper.lines.exclude(difference=0).order_by("item"))
    items = list(
        StockItem.objects.filter(pk__in=[line.item_id for line in lines])
        .select_related("sku")
        .locked()
    )
    differences = {line.item_id: line.difference for line in lines}
    _refuse_promised([(item, differences[item.pk]) for item in items])
    was_free = {item.pk: bool(item.available) for item in items}
    slip = Slip(StockMovement.Kind.COUNT, STOCKTAKE, paper.number, at, actor, paper.note)
    if items:
        book(items, {pk: Change(on_hand=number) for pk, number in differences.items()}, slip)
        close_recovered(at, items)
    mark_products([item.sku_id for item in items if was_free[item.pk] != bool(item.available)])
    _lose(paper, items, differences, slip)
    _record("inventory.approve_stocktake", paper, at, actor, {"differences": len(lines)})
    publish(
        StocktakeBooked(
            number=paper.number,
            differences=tuple((item.sku_id, differences[item.pk]) for item in items),
            at=at,
        )
    )
    return paper


@transaction.atomic
def refuse_stocktake(*, stocktake_id: int, at: datetime, actor: Any, note: str = "") -> Stocktake:
    """Send a paper away; nothing is booked. Raises: PaperMoveRefused, SamePerson."""
    paper = _lock(stocktake_id, Status.WAITING)
    _decide(paper, Status.REFUSED, at, actor)
    _record("inventory.refuse_stocktake", paper, at, actor, reason=note)
    return paper


@transaction.atomic
def drop_stocktake(*, stocktake_id: int, at: datetime, actor: Any) -> Stocktake:
    """Put away a list that was opened by mistake; nothing is booked. Raises: PaperMoveRefused."""
    paper = _lock(stocktake_id, Status.COUNTING)
    paper.status = Status.DROPPED
    paper.save(update_fields=["status"])
    _record("inventory.drop_stocktake", paper, at, actor)
    return paper


def _paper(kind: str, prefix: str, warehouse_id: int, at: datetime, note: str) -> Stocktake:
    return Stocktake.objects.create(
        number=document_number(prefix, at),
        kind=kind,
        warehouse_id=warehouse_id,
        note=note,
        opened_at=at,
    )


def _lock(stocktake_id: int, allowed: str) -> Stocktake:
    paper = Stocktake.objects.locked().get(pk=stocktake_id)
    if paper.status != allowed:
        raise PaperMoveRefused(number=paper.number, status=paper.get_status_display())
    return paper


def _hand_in(paper: Stocktake, at: datetime, actor: Any) -> None:
    paper.status, paper.made_by, paper.submitted_at = Status.WAITING, actor, at
    paper.save(update_fields=["status", "made_by", "submitted_at"])
    _record("inventory.submit_stocktake", paper, at, actor)


def _decide(paper: Stocktake, status: str, at: datetime, actor: Any) -> None:
    if actor.pk == paper.made_by_id:
        raise SamePerson(number=paper.number)
    paper.status, paper.decided_by, paper.decided_at = status, actor, at
    paper.save(update_fields=["status", "decided_by", "decided_at"])


def _refuse_promised(wanted: Collection[tuple[StockItem, int]]) -> None:
    for item, difference in wanted:
        if item.on_hand + difference < item.reserved:
            raise CountBelowReserved(reserved=item.reserved, sku=item.sku.code)


def _lose(
    paper: Stocktake, items: Collection[StockItem], differences: Mapping[int, int], slip: Slip
) -> None:
    """What is missing is lost, at its cost; what was found is no gain until it is sold."""
    counting = paper.kind == Stocktake.Kind.COUNT
    kind = StockLoss.Kind.MISSING if counting else StockLoss.Kind.WRITTEN_OFF
    record_losses(
        [
            Loss(
                item.warehouse_id,
                item.sku_id,
                kind,
                item.sku.cost_fen * -differences[item.pk],
                counted=-differences[item.pk],
            )
            for item in items
            if differences[item.pk] < 0
        ],
        slip,
    )


def _record(
    verb: str,
    paper: Stocktake,
    at: datetime,
    actor: Any,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=paper,
        after={"status": paper.status, **(facts or {})},
        reason=reason or paper.note,
        at=at,
    )
