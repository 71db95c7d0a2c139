"""Money for trouble, out of the shop's pocket into the wallet; above one's limit another operator
says yes. Source: O-50, ATK-84."""

from datetime import datetime

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account, WalletEntry
from members.services import credit_wallet
from orders.errors import (
    AfterSaleMoved,
    AfterSaleReasonMissing,
    AmountTooHigh,
    SecondPersonNeeded,
)
from orders.models import Compensation, Order
from orders.services.after_sales.limiting import compensation_is_within
from orders.services.numbering import new_number

State = Compensation.State


@atomic_retry()
def compensate(
    *, order_number: str, amount_fen: int, reason: str, actor: Account, at: datetime
) -> Compensation:
    """Give a buyer money for trouble with an order: within the operator's limits at once, above
    them it waits for another's yes. No more than was paid for the order, in sum.

    Locks: order, wallet. Raises: NotFound, AfterSaleReasonMissing, AmountTooHigh,
    SecondPersonNeeded for one's own order.
    """
    if not reason.strip():
        raise AfterSaleReasonMissing
    order = _locked_order(order_number)
    if order.member.account_id == actor.pk:  # type: ignore[union-attr]
        raise SecondPersonNeeded
    given = order.compensations.exclude(state=State.REFUSED)
    left_fen = order.paid_fen - sum(given.values_list("amount_fen", flat=True))
    if not 0 < amount_fen <= left_fen:
        raise AmountTooHigh(most_fen=max(0, left_fen))
    alone = compensation_is_within(order, actor, amount_fen, at)
    row = Compensation.objects.create(
        number=new_number(at, "C"),
        order=order,
        amount_fen=amount_fen,
        reason=reason,
        state=State.PAID if alone else State.PENDING,
        requested_by=actor,
        requested_at=at,
    )
    if alone:
        _pay(row, at)
    _record("orders.compensate", row, actor, at, reason)
    return row


@atomic_retry()
def decide_compensation(
    *, number: str, approve: bool, actor: Account, at: datetime
) -> Compensation:
    """Another operator's yes or no to a compensation above the limit of who asked for it.

    Locks: order, compensation, wallet. Raises: NotFound, AfterSaleMoved, SecondPersonNeeded.
    """
    known = Compensation.objects.filter(number=number).select_related("order").first()
    if known is None:
        raise NotFound
    _locked_order(known.order.number)
    row = Compensation.objects.filter(pk=known.pk).locked().get()
    if row.state != State.PENDING:
        raise AfterSaleMoved(state=row.state)
    if row.requested_by_id == actor.pk:
        raise SecondPersonNeeded
    row.state = State.PAID if approve else State.REFUSED
    row.decided_by, row.decided_at = actor, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    if approve:
        _pay(row, at)
    _record("orders.decide_compensation", row, actor, at, row.reason)
    return row


def _locked_order(number: str) -> Order:
    order = Order.objects.filter(number=number, member__isnull=False).locked().first()
    if order is None:
        raise NotFound
    return order


def _pay(row: Compensation, at: datetime) -> None:
    assert row.order.member_id is not None, "only members are compensated"
    credit_wallet(
        member_id=row.order.member_id,
        amount_fen=row.amount_fen,
        kind=WalletEntry.Kind.COMPENSATION,
        reference=row.number,
        at=at,
    )


def _record(verb: str, row: Compensation, actor: Account, at: datetime, reason: str) -> None:
    after = {"amount_fen": row.amount_fen, "state": row.state}
    audit.record(actor=actor, verb=verb, target=row, after=after, reason=reason[:200], at=at)
