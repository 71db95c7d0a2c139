"""The life of a purchase order: approved, sent, cancelled, closed; its open pieces are in transit.

Locks: the supplier, the order, then the stock rows. Source: I-25, I-36.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from inventory.errors import PurchaseEmpty, PurchaseSecondPerson
from inventory.models import PurchaseOrder, PurchaseSuggestion, StockMovement
from inventory.selectors.sourcing import offers_of, supplier_policy
from inventory.services.booking import Change, Slip, book
from inventory.services.purchasing.drafting import longest, orderable, refused
from inventory.services.receiving import stock_rows
from mall.kernel import audit, clock

PURCHASE = "purchase"
Status = PurchaseOrder.Status
MOVES: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.APPROVED, Status.CANCELLED}),
    Status.APPROVED: frozenset({Status.SENT, Status.CANCELLED}),
    Status.SENT: frozenset({Status.PART_RECEIVED, Status.RECEIVED, Status.CANCELLED}),
    Status.PART_RECEIVED: frozenset({Status.PART_RECEIVED, Status.RECEIVED, Status.CLOSED}),
    Status.RECEIVED: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
    Status.CANCELLED: frozenset(),
}


@transaction.atomic
def approve_purchase(*, order_id: int, at: datetime, actor: Any) -> PurchaseOrder:
    """Agree to a draft: from now on its pieces are in transit.

    From the limit of the rules on, another person than its maker does it. Raises:
    SupplierNotOrderable, PurchaseMoveRefused, PurchaseEmpty, PurchaseSecondPerson.
    """
    order = _of_orderable(order_id)
    pieces = {line.sku_id: line.quantity for line in order.lines.all()}
    if not pieces and order.status == Status.DRAFT:
        raise PurchaseEmpty(number=order.number)
    is_large = order.total_fen >= supplier_policy().approval_limit_fen
    if is_large and order.status == Status.DRAFT and order.made_by_id == getattr(actor, "pk", None):
        raise PurchaseSecondPerson(number=order.number)
    order.approved_at, order.approved_by = at, actor
    move_purchase(order, Status.APPROVED, at, actor, ["approved_at", "approved_by"])
    _count_in_transit(order, pieces, StockMovement.Kind.ORDERED, at, actor)
    return order


@transaction.atomic
def send_purchase(*, order_id: int, at: datetime, actor: Any = None) -> PurchaseOrder:
    """Note that the supplier has it; it is expected after the longest lead time from today.

    Raises: SupplierNotOrderable, PurchaseMoveRefused.
    """
    order = _of_orderable(order_id)
    sku_ids = list(order.lines.values_list("sku", flat=True))
    ours = [
        offer
        for offers in offers_of(sku_ids).values()
        for offer in offers
        if offer.supplier_id == order.supplier_id
    ]
    order.sent_at = at
    if ours:
        order.expected_on = clock.day_of(at) + timedelta(days=longest(ours))
    move_purchase(order, Status.SENT, at, actor, ["sent_at", "expected_on"])
    return order


@transaction.atomic
def cancel_purchase(
    *, order_id: int, reason: str, at: datetime, actor: Any = None
) -> PurchaseOrder:
    """Call off an order of which nothing has come; its suggestions are open again.

    Raises: PurchaseMoveRefused.
    """
    order = PurchaseOrder.objects.locked().get(pk=order_id)
    was_counted = order.status != Status.DRAFT
    order.closed_at, order.close_reason = at, reason
    move_purchase(order, Status.CANCELLED, at, actor, ["closed_at", "close_reason"])
    if was_counted:
        _give_up_rest(order, at, actor)
    PurchaseSuggestion.objects.filter(purchase_orders=order, note=order.number).update(
        settled_at=None, settled_by=None, note=""
    )
    return order


@transaction.atomic
def close_purchase(*, order_id: int, reason: str, at: datetime, actor: Any = None) -> PurchaseOrder:
    """Expect nothing more: pieces that are still open are in transit no longer.

    Raises: PurchaseMoveRefused.
    """
    order = PurchaseOrder.objects.locked().get(pk=order_id)
    order.closed_at, order.close_reason = at, reason
    move_purchase(order, Status.CLOSED, at, actor, ["closed_at", "close_reason"])
    _give_up_rest(order, at, actor)
    return order


def move_purchase(
    order: PurchaseOrder, to: str, at: datetime, actor: Any, fields: list[str] | None = None
) -> None:
    """Move a locked order along its table, with a trail. Raises: PurchaseMoveRefused."""
    before = order.status
    if to not in MOVES[before]:
        raise refused(order)
    order.status = to
    order.save(update_fields=["status", *(fields or [])])
    audit.record(
        actor=actor,
        verb="inventory.move_purchase",
        target=order,
        before={"status": before},
        after={"status": to},
        reason=order.close_reason,
        at=at,
    )


def _of_orderable(order_id: int) -> PurchaseOrder:
    """The locked order, its supplier locked before it. Raises: SupplierNotOrderable."""
    orderable(PurchaseOrder.objects.values_list("supplier", flat=True).get(pk=order_id))
    return PurchaseOrder.objects.locked().get(pk=order_id)


def _give_up_rest(order: PurchaseOrder, at: datetime, actor: Any) -> None:
    rest = {line.sku_id: -line.left for line in order.lines.all() if line.left}
    if rest:
        order.lines.update(given_up=F("quantity") - F("received"))
        _count_in_transit(order, rest, StockMovement.Kind.UNORDERED, at, actor)


def _count_in_transit(
    order: PurchaseOrder,
    pieces: Mapping[int, int],
    kind: StockMovement.Kind,
    at: datetime,
    actor: Any,
) -> None:
    items = stock_rows(order.warehouse_id, pieces)
    changes = {item.pk: Change(in_transit=pieces[item.sku_id]) for item in items}
    book(items, changes, Slip(kind, PURCHASE, order.number, at, actor))
