"""Money going back: a row in the verb's transaction, sent by a task with the same number until done
(INV-15, INV-32)."""

from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel import audit, ledger
from mall.kernel.db import atomic_retry
from mall.kernel.errors import Conflict
from mall.kernel.outbox import publish
from members.models import Account
from orders import messages
from orders.events import PaymentRefunded
from orders.models import Order, Payment, Refund
from orders.providers import Provider, ProviderUnavailable, TradeState, provider_of
from orders.services.nudging import nudge
from orders.services.numbering import new_number
from orders.services.telling import tell_buyer

BACKOFF_SECONDS = (60, 300, 900, 3600)
MOST_REFUSALS = 8
SURPLUS, CANCELLED = "surplus", "cancelled"


def refund_surplus(order: Order, payment: Payment, *, at: datetime) -> Refund:
    """Send back a payment that the order did not need, whole and once. Queries: 6."""
    ledger.post(
        kind="payment",
        reference=payment.payment_no,
        amounts_fen={
            f"provider:{payment.provider}": payment.amount_fen,
            SURPLUS: -payment.amount_fen,
        },
        at=at,
    )
    return open_refund(payment, amount_fen=payment.amount_fen, reason=SURPLUS, at=at)


def refund_accepted(order: Order, *, reason: str, at: datetime) -> None:
    """Send back every accepted payment of an order whole. Locks: the payments. Queries: 2 to 3."""
    accepted = order.payments.filter(status=Payment.Status.SUCCEEDED, is_surplus=False)
    for paid in accepted.locked():
        if paid.amount_fen:
            open_refund(paid, amount_fen=paid.amount_fen, reason=reason, at=at)


def open_refund(payment: Payment, *, amount_fen: int, reason: str, at: datetime) -> Refund:
    """Write the refund down and let the worker send it after commit. Locks: none of its own; the
    caller holds the order. Queries: 1."""
    refund = Refund.objects.create(
        refund_no=new_number(at, "R"),
        payment=payment,
        order_id=payment.order_id,
        amount_fen=amount_fen,
        reason=reason,
        next_at=at,
        created_at=at,
    )
    nudge("orders.retry_refunds")
    return refund


def retry_refunds(at: datetime, limit: int = 100) -> int:
    """Send every refund that is due; returns how many were done. Each is claimed before the
    call."""
    due = Refund.objects.filter(status=Refund.Status.PENDING, next_at__lte=at)
    numbers = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(send_refund(pk, at) for pk in numbers)


def send_refund(refund_id: int, at: datetime) -> bool:
    """Send one due refund to its provider and book the answer; True when it is done.

    A crash between the call and the booking repeats the call with the same number: still one
    refund.
    """
    refund = _claim(refund_id, at)
    if refund is None:
        return False
    provider = provider_of(refund.payment.provider)
    state, failure = TradeState.UNKNOWN, "provider_gone"
    if provider is not None:
        state, failure = _ask(provider, refund, at)
    if state == TradeState.PAID:
        return book_refund(refund_id, at)
    given_up = state == TradeState.FAILED and refund.attempts >= MOST_REFUSALS
    status = Refund.Status.FAILED if given_up else Refund.Status.PENDING
    waiting = Refund.objects.filter(pk=refund_id, status=Refund.Status.PENDING)
    waiting.update(status=status, failure_code=failure)
    return False


@transaction.atomic
def send_again(*, refund: Refund, actor: Account, at: datetime) -> None:
    """An operator lets a refund be sent now, also one that was given up; the number stays the same.

    Locks: the refund. Raises: Conflict when it is done already.
    """
    waiting = Refund.objects.filter(pk=refund.pk).exclude(status=Refund.Status.SUCCEEDED)
    if not waiting.update(status=Refund.Status.PENDING, attempts=0, next_at=at):
        raise Conflict
    audit.record(
        actor=actor,
        verb="orders.send_refund_again",
        target=refund,
        at=at,
        before={"status": refund.status, "failure_code": refund.failure_code},
    )
    nudge("orders.retry_refunds")


def _ask(provider: Provider, refund: Refund, at: datetime) -> tuple[TradeState, str]:
    try:
        state = provider.refund(
            refund.refund_no, refund.payment.payment_no, refund.amount_fen, at=at
        )
    except ProviderUnavailable:
        return TradeState.UNKNOWN, "provider_away"
    return state, "" if state != TradeState.FAILED else "refused"


@transaction.atomic
def _claim(refund_id: int, at: datetime) -> Refund | None:
    """Take the refund for one try and set the next: two senders never send at once."""
    due = Refund.objects.filter(pk=refund_id, status=Refund.Status.PENDING, next_at__lte=at)
    refund: Refund | None = due.select_related("payment").locked().first()
    if refund is None:
        return None
    wait = BACKOFF_SECONDS[min(refund.attempts, len(BACKOFF_SECONDS) - 1)]
    refund.attempts += 1
    refund.next_at = at + timedelta(seconds=wait)
    refund.save(update_fields=["attempts", "next_at"])
    return refund


@atomic_retry()
def book_refund(refund_id: int, at: datetime) -> bool:
    """Note that the provider has sent the money; False when that was known. Locks: order,
    refund."""
    order = Order.objects.filter(refunds__pk=refund_id).locked().get()
    refund = Refund.objects.select_related("payment").filter(pk=refund_id).locked().get()
    if refund.status != Refund.Status.PENDING:
        return False
    refund.status, refund.succeeded_at, refund.failure_code = Refund.Status.SUCCEEDED, at, ""
    refund.save(update_fields=["status", "succeeded_at", "failure_code"])
    is_surplus = refund.reason == SURPLUS
    ledger.post(
        kind="refund",
        reference=refund.refund_no,
        amounts_fen={
            f"provider:{refund.payment.provider}": -refund.amount_fen,
            SURPLUS if is_surplus else "sales": refund.amount_fen,
        },
        at=at,
    )
    publish(
        PaymentRefunded(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            refund_no=refund.refund_no,
            amount_fen=refund.amount_fen,
            at=at,
        )
    )
    template = messages.SURPLUS_REFUNDED if is_surplus else messages.ORDER_REFUNDED
    tell_buyer(order, template, {"amount_fen": refund.amount_fen}, at=at, cause=refund.refund_no)
    return True
