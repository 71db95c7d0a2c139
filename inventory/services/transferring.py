"""Transfers: pieces leave one warehouse, are in transit at the other, and are received there.

Locks: the transfer, then the stock rows of both warehouses, pk order. Source: requirement I-11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import Sku
from inventory.errors import NotOnItsWay, OutOfStock, PaperMoveRefused
from inventory.events import StockReceived
from inventory.models import StockItem, StockLoss, StockMovement, Transfer, TransferLine
from inventory.services.booking import Change, Slip, added, book, mark_products
from inventory.services.losing import Loss, record_losses
from inventory.services.numbers import document_number
from inventory.services.recovering import close_recovered
from inventory.services.refusing import refusing_bundles
from mall.kernel import audit
from mall.kernel.outbox import publish

TRANSFER = "transfer"
Kind, Status = StockMovement.Kind, Transfer.Status


@dataclass(frozen=True, slots=True)
class _Locked:
    """A locked transfer with its lines and the locked stock rows at both ends, by SKU id."""

    transfer: Transfer
    lines: Sequence[TransferLine]
    origin: Mapping[int, StockItem]
    target: Mapping[int, StockItem]


@transaction.atomic
def draft_transfer(
    *,
    origin_id: int,
    target_id: int,
    pieces: Mapping[int, int],
    at: datetime,
    actor: Any = None,
    note: str = "",
    cause: str = "",
) -> Transfer:
    """Write down ``pieces`` (SKU id -> pieces) to be moved; nothing moves yet.

    A ``cause`` has one draft at a time: asked again, that one is the answer.
    """
    if not pieces or any(number < 1 for number in pieces.values()):
        raise ValueError("only positive pieces can be transferred")
    if cause and (known := Transfer.objects.filter(cause=cause, status=Status.DRAFT).first()):
        return known
    transfer = Transfer.objects.create(
        number=document_number("TR", at),
        origin_id=origin_id,
        target_id=target_id,
        cause=cause,
        note=note,
        drafted_at=at,
        drafted_by=actor,
    )
    TransferLine.objects.bulk_create(
        [
            TransferLine(transfer=transfer, sku_id=sku_id, pieces=number)
            for sku_id, number in sorted(pieces.items())
        ]
    )
    _record("inventory.draft_transfer", transfer, at, actor, {"pieces": sum(pieces.values())})
    return transfer


@transaction.atomic
def send_transfer(*, transfer_id: int, at: datetime, actor: Any = None) -> Transfer:
    """The pieces leave: on hand falls at the origin, in transit rises at the target.

    Raises: PaperMoveRefused, OutOfStock for pieces that are not free.
    """
    locked = _lock(transfer_id, Status.DRAFT)
    transfer = locked.transfer
    short = [ln for ln in locked.lines if locked.origin[ln.sku_id].available < ln.pieces]
    if short:
        code = Sku.objects.values_list("code", flat=True).get(pk=short[0].sku_id)
        raise OutOfStock(sku=code, available=locked.origin[short[0].sku_id].available)
    numbers = {line.sku_id: line.pieces for line in locked.lines}
    slip = Slip(Kind.TRANSFER_OUT, TRANSFER, transfer.number, at, actor)
    _book_end(locked.origin, numbers, Change(on_hand=-1), slip)
    _book_end(locked.target, numbers, Change(in_transit=1), replace(slip, kind=Kind.TRANSFER_WAY))
    mark_products([sku for sku in numbers if not locked.origin[sku].available])
    transfer.status, transfer.sent_at = Status.SENT, at
    transfer.save(update_fields=["status", "sent_at"])
    _record("inventory.send_transfer", transfer, at, actor, {"pieces": sum(numbers.values())})
    return transfer


@transaction.atomic
def receive_transfer(
    *, transfer_id: int, pieces: Mapping[int, int], reference: str, at: datetime, actor: Any = None
) -> Transfer:
    """Take in ``pieces`` (SKU id -> pieces) of what is on its way; the rest may come later.

    One ``reference`` is booked once. The last piece closes the transfer. Raises: PaperMoveRefused,
    NotOnItsWay. Emits: one StockReceived.
    """
    if not pieces or any(number < 1 for number in pieces.values()):
        raise ValueError("only positive pieces can be received")
    transfer = Transfer.objects.locked().get(pk=transfer_id)
    slip = Slip(Kind.TRANSFER_IN, TRANSFER, f"{transfer.number}/{reference}", at, actor)
    if StockMovement.objects.filter(
        item__warehouse=transfer.target_id,
        item__sku__in=list(pieces),
        kind=slip.kind,
        source_type=TRANSFER,
        source_id=slip.source_id,
    ).exists():
        return transfer
    locked = _lock(transfer_id, Status.SENT)
    _refuse_more_than_sent(locked, pieces)
    back = [sku for sku in pieces if not locked.target[sku].available]
    _book_end(locked.target, pieces, Change(on_hand=1, in_transit=-1), slip)
    close_recovered(at, [locked.target[sku] for sku in pieces])
    mark_products(back)
    _spend(locked, "received", pieces, at)
    _record("inventory.receive_transfer", transfer, at, actor, {"pieces": sum(pieces.values())})
    publish(
        StockReceived(
            warehouse_id=transfer.target_id,
            source_type=TRANSFER,
            source_id=slip.source_id,
            pieces=tuple(sorted(pieces.items())),
            at=at,
        )
    )
    return locked.transfer


@transaction.atomic
def finish_transfer(
    *, transfer_id: int, at: datetime, actor: Any = None, note: str = ""
) -> Transfer:
    """Give up what never arrived: it is lost, at its cost, and the transfer is closed.

    Raises: PaperMoveRefused.
    """
    locked = _lock(transfer_id, Status.SENT)
    transfer = locked.transfer
    lost = {line.sku_id: line.on_its_way for line in locked.lines if line.on_its_way}
    slip = Slip(Kind.TRANSFER_LOST, TRANSFER, transfer.number, at, actor, note)
    _book_end(locked.target, lost, Change(in_transit=-1), slip)
    costs = dict(Sku.objects.filter(pk__in=lost).values_list("pk", "cost_fen"))
    kind = StockLoss.Kind.ON_THE_WAY
    record_losses(
        [
            Loss(transfer.target_id, sku, kind, costs[sku] * number, counted=number)
            for sku, number in lost.items()
        ],
        slip,
    )
    _spend(locked, "lost", lost, at)
    _record("inventory.finish_transfer", transfer, at, actor, {"lost": sum(lost.values())}, note)
    return transfer


@transaction.atomic
def cancel_transfer(
    *, transfer_id: int, at: datetime, actor: Any = None, note: str = ""
) -> Transfer:
    """Call it off: a draft is dropped, what is still on its way goes back to where it came from.

    Raises: PaperMoveRefused.
    """
    locked = _lock(transfer_id, Status.DRAFT, Status.SENT)
    transfer = locked.transfer
    was_sent = transfer.status == Status.SENT
    numbers = {line.sku_id: line.on_its_way for line in locked.lines if line.on_its_way}
    if was_sent and numbers:
        slip = Slip(Kind.TRANSFER_BACK, TRANSFER, transfer.number, at, actor, note)
        back = [sku for sku in numbers if not locked.origin[sku].available]
        _book_end(locked.target, numbers, Change(in_transit=-1), slip)
        _book_end(locked.origin, numbers, Change(on_hand=1), slip)
        close_recovered(at, [locked.origin[sku] for sku in numbers])
        mark_products(back)
        _spend(locked, "returned", numbers, at)
    transfer.status, transfer.closed_at = Status.CANCELLED, at
    transfer.save(update_fields=["status", "closed_at"])
    _record("inventory.cancel_transfer", transfer, at, actor, {"was_sent": was_sent}, note)
    return transfer


def _lock(transfer_id: int, *allowed: str) -> _Locked:
    """The transfer, if it is at one of these points of its life, then the stock at both ends."""
    transfer = Transfer.objects.locked().get(pk=transfer_id)
    if transfer.status not in allowed:
        raise PaperMoveRefused(number=transfer.number, status=transfer.get_status_display())
    lines = list(transfer.lines.order_by("sku"))
    ends = (transfer.origin_id, transfer.target_id)
    skus = [line.sku_id for line in lines]
    with refusing_bundles():
        StockItem.objects.bulk_create(
            [StockItem(sku_id=sku, warehouse_id=end) for end in ends for sku in skus],
            ignore_conflicts=True,
        )
    items = list(StockItem.objects.filter(warehouse__in=ends, sku__in=skus).locked())
    origin, target = (
        {item.sku_id: item for item in items if item.warehouse_id == end} for end in ends
    )
    return _Locked(transfer, lines, origin, target)


def _book_end(
    items: Mapping[int, StockItem], numbers: Mapping[int, int], each: Change, slip: Slip
) -> None:
    """Book ``each`` times the pieces (SKU id -> pieces) at one end."""
    changes = {
        items[sku].pk: Change(on_hand=each.on_hand * number, in_transit=each.in_transit * number)
        for sku, number in numbers.items()
    }
    book(items.values(), changes, slip)


def _refuse_more_than_sent(locked: _Locked, pieces: Mapping[int, int]) -> None:
    left = {line.sku_id: line.on_its_way for line in locked.lines}
    for sku_id, number in pieces.items():
        if left.get(sku_id, 0) < number:
            raise NotOnItsWay(
                sku=Sku.objects.values_list("code", flat=True).get(pk=sku_id),
                left=left.get(sku_id, 0),
                number=locked.transfer.number,
            )


def _spend(locked: _Locked, column: str, numbers: Mapping[int, int], at: datetime) -> None:
    """Count the pieces on their lines; the transfer is over when none is on its way."""
    parts = {ln.pk: numbers[ln.sku_id] for ln in locked.lines if numbers.get(ln.sku_id)}
    TransferLine.objects.filter(pk__in=list(parts)).update(**{column: F(column) + added(parts)})
    if sum(line.on_its_way for line in locked.lines) == sum(parts.values()):
        locked.transfer.status, locked.transfer.closed_at = Status.RECEIVED, at
        locked.transfer.save(update_fields=["status", "closed_at"])


def _record(
    verb: str,
    transfer: Transfer,
    at: datetime,
    actor: Any,
    facts: Mapping[str, Any],
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=transfer,
        after={"status": transfer.status, **facts},
        reason=reason,
        at=at,
    )
