"""Defects: set aside when they are found, disposed of by a paper that a second person approves.

Locks: the disposal, then its stock row. Source: requirement I-13.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from inventory.errors import NotEnoughDefects, OutOfStock, PaperMoveRefused, SamePerson
from inventory.models import Disposal, StockItem, StockLoss, StockMovement
from inventory.services.booking import Change, Slip, book, mark_products
from inventory.services.losing import Loss, record_losses
from inventory.services.numbers import document_number
from mall.kernel import audit

Kind, Status, Way = StockMovement.Kind, Disposal.Status, Disposal.Way
DISPOSAL = "disposal"
LEAVES_AS = {
    Way.SCRAP: (Kind.SCRAP, StockLoss.Kind.SCRAP, ""),
    Way.SELL: (Kind.SELL_DEFECT, StockLoss.Kind.SOLD_CHEAP, "cash:disposals"),
    Way.SUPPLIER: (Kind.RETURN_TO_SUPPLIER, StockLoss.Kind.SUPPLIER, "suppliers:credit"),
}
"""Way -> movement, loss, and the account that takes what it brings."""


@transaction.atomic
def set_defective(
    *, item_id: int, pieces: int, reason: str, source_id: str, at: datetime, actor: Any = None
) -> StockItem:
    """Take free pieces that are broken out of what is sold, and keep them as defects.

    The same source is booked once. Locks: the stock row. Raises: OutOfStock.
    """
    if pieces < 1:
        raise ValueError("only positive pieces can be defective")
    item = StockItem.objects.select_related("sku").locked().get(pk=item_id)
    slip = Slip(Kind.DEFECT, "operator", source_id, at, actor, reason)
    if item.movements.filter(kind=slip.kind, source_type="operator", source_id=source_id).exists():
        return item
    if item.available < pieces:
        raise OutOfStock(sku=item.sku.code, available=item.available)
    book([item], {item.pk: Change(on_hand=-pieces, defective=pieces)}, slip)
    cost_fen = item.sku.cost_fen * pieces
    record_losses(
        [Loss(item.warehouse_id, item.sku_id, StockLoss.Kind.DAMAGE, cost_fen, counted=pieces)],
        slip,
    )
    if not item.available:
        mark_products([item.sku_id])
    audit.record(
        actor=actor,
        verb="inventory.set_defective",
        target=item,
        after={"on_hand": item.on_hand, "defective": item.defective},
        reason=reason,
        at=at,
    )
    return item


@transaction.atomic
def propose_disposal(
    *,
    item_id: int,
    way: str,
    pieces: int,
    reason: str,
    at: datetime,
    actor: Any,
    proceeds_fen: int = 0,
) -> Disposal:
    """Write down what shall become of defects. Pieces that another paper names are not free.

    Locks: the stock row. Raises: NotEnoughDefects.
    """
    if pieces < 1 or proceeds_fen < 0 or (way == Way.SCRAP and proceeds_fen):
        raise ValueError("a disposal has pieces, and scrap brings nothing")
    item = StockItem.objects.select_related("sku").locked().get(pk=item_id)
    waiting = item.disposals.filter(status=Status.WAITING).aggregate(sum=Sum("pieces"))["sum"] or 0
    if item.defective - waiting < pieces:
        raise NotEnoughDefects(sku=item.sku.code, defective=item.defective - waiting)
    paper = Disposal.objects.create(
        number=document_number("DP", at),
        item=item,
        way=way,
        pieces=pieces,
        proceeds_fen=proceeds_fen,
        reason=reason,
        made_at=at,
        made_by=actor,
    )
    _record("inventory.propose_disposal", paper, at, actor)
    return paper


@transaction.atomic
def approve_disposal(*, disposal_id: int, at: datetime, actor: Any) -> Disposal:
    """Let the pieces go: the stock falls, and cost less proceeds is lost in the book.

    Raises: PaperMoveRefused, SamePerson, NotEnoughDefects.
    """
    paper = _decide(disposal_id, Status.DONE, at, actor)
    item = StockItem.objects.select_related("sku").locked().get(pk=paper.item_id)
    if item.defective < paper.pieces:
        raise NotEnoughDefects(sku=item.sku.code, defective=item.defective)
    movement, loss, account = LEAVES_AS[Way(paper.way)]
    slip = Slip(movement, DISPOSAL, paper.number, at, actor, paper.reason)
    book([item], {item.pk: Change(defective=-paper.pieces)}, slip)
    cost_fen = item.sku.cost_fen * paper.pieces
    record_losses(
        [
            Loss(
                item.warehouse_id,
                item.sku_id,
                loss,
                cost_fen,
                counted=0,
                proceeds_fen=paper.proceeds_fen,
            )
        ],
        slip,
        paid_into=account,
    )
    _record("inventory.approve_disposal", paper, at, actor)
    return paper


@transaction.atomic
def refuse_disposal(*, disposal_id: int, at: datetime, actor: Any) -> Disposal:
    """Keep the defects; the paper is closed. Raises: PaperMoveRefused, SamePerson."""
    paper = _decide(disposal_id, Status.REFUSED, at, actor)
    _record("inventory.refuse_disposal", paper, at, actor)
    return paper


def _decide(disposal_id: int, status: str, at: datetime, actor: Any) -> Disposal:
    paper = _open_to(actor, disposal_id)
    paper.status, paper.decided_by, paper.decided_at = status, actor, at
    paper.save(update_fields=["status", "decided_by", "decided_at"])
    return paper


def _open_to(actor: Any, disposal_id: int) -> Disposal:
    """The paper, which waits for somebody else than who wrote it. Locks: the paper."""
    paper = Disposal.objects.locked().get(pk=disposal_id)
    if paper.status != Status.WAITING:
        raise PaperMoveRefused(number=paper.number, status=paper.get_status_display())
    if actor.pk == paper.made_by_id:
        raise SamePerson(number=paper.number)
    return paper


def _record(verb: str, paper: Disposal, at: datetime, actor: Any) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=paper,
        after={"status": paper.status, "way": paper.way, "pieces": paper.pieces},
        reason=paper.reason,
        at=at,
    )
