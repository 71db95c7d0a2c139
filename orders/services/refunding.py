"""Money going back: a row in the verb's transaction, sent by a task with the same number until done
(INV-15, INV-32)."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import Conflict
from mall.kernel.failpoints import failpoint
from mall.kernel.outbox import publish
from members.models import Account
from orders import messages
from orders.events import PaymentRefunded
from orders.models import AfterSale, Order, OrderTask, Payment, Refund
from orders.providers import (
    Provider,
    ProviderUnavailable,
    RefundWord,
    Repayment,
    TradeState,
    provider_of,
)
from orders.services.after_sales.finishing import finish_paid
from orders.services.escrowing import SURPLUS, give_back, hold_surplus
from orders.services.nudging import nudge
from orders.services.numbering import new_number
from orders.services.tasking import close_tasks, open_task
from orders.services.telling import tell_buyer

BACKOFF_SECONDS = (60, 60, 60, 300, 900, 3600)
"""After how long each next try is made, so that an outage of a minute costs a minute. WeChat Pay
takes one try a minute for an order."""
MOST_REFUSALS = 10
CANCELLED = "cancelled"
AMOUNT_WRONG = "amount_wrong"


def refund_surplus(order: Order, payment: Payment, *, at: datetime) -> Refund:
    """Send back a payment that the order did not need, whole and once. Queries: 6."""
    hold_surplus(payment, at=at)
    return open_refund(payment, amount_fen=payment.amount_fen, reason=SURPLUS, at=at)


def refund_accepted(order: Order, *, reason: str, at: datetime) -> None:
    """Send back every accepted payment of an order whole. Locks: the payments. Queries: 2 to 3."""
    accepted = order.payments.filter(status=Payment.Status.SUCCEEDED, is_surplus=False)
    for paid in accepted.locked():
        if paid.amount_fen:
            open_refund(paid, amount_fen=paid.amount_fen, reason=reason, at=at)


def open_refund(
    payment: Payment,
    *,
    amount_fen: int,
    reason: str,
    at: datetime,
    after_sale: AfterSale | None = None,
) -> Refund:
    """Write the refund down and let the worker send it after commit. Locks: none of its own; the
    caller holds the order. Queries: 1."""
    refund = Refund.objects.create(
        refund_no=new_number(at, "R"),
        payment=payment,
        order_id=payment.order_id,
        amount_fen=amount_fen,
        reason=reason,
        after_sale=after_sale,
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
    word = RefundWord(refund.refund_no, TradeState.UNKNOWN, 0, "provider_gone")
    if provider is not None:
        word = _ask(provider, refund, at)
    failpoint("refund.after_provider")
    return book_word(refund_id, word, at)


def book_word(refund_id: int, word: RefundWord, at: datetime) -> bool:
    """Book what a provider says of a refund; True when it is news that it is done.

    One that is refused again and again, or of another amount, waits for an operator.
    """
    waiting = Refund.objects.filter(pk=refund_id, status=Refund.Status.PENDING)
    refund = waiting.first()
    if refund is None:
        return False
    if word.state == TradeState.PAID:
        if word.amount_fen == refund.amount_fen:
            return book_refund(refund_id, at)
        word = replace(word, state=TradeState.FAILED, failure_code=AMOUNT_WRONG)
    given_up = word.state == TradeState.FAILED and (
        refund.attempts >= MOST_REFUSALS or word.failure_code == AMOUNT_WRONG
    )
    status = Refund.Status.FAILED if given_up else Refund.Status.PENDING
    waiting.update(status=status, failure_code=word.failure_code)
    if given_up:
        open_task(
            kind=OrderTask.Kind.REFUND_STUCK,
            reference=refund.refund_no,
            order=refund.order,
            facts={"failure_code": word.failure_code, "amount_fen": refund.amount_fen},
            at=at,
        )
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


def _ask(provider: Provider, refund: Refund, at: datetime) -> RefundWord:
    """Send it; one that was sent before is asked about first, so that no answer lost on the way
    makes a second one (F-30)."""
    repayment = Repayment(
        refund_no=refund.refund_no,
        payment_no=refund.payment.payment_no,
        amount_fen=refund.amount_fen,
        total_fen=refund.payment.amount_fen,
    )
    try:
        if refund.attempts > 1:
            known = provider.query_refund(repayment, at=at)
            if known.state in (TradeState.PAID, TradeState.PENDING):
                return known
        return provider.refund(repayment, at=at)
    except ProviderUnavailable:
        return RefundWord(refund.refund_no, TradeState.UNKNOWN, 0, "provider_away")


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


@transaction.atomic
def fail_refund(refund_id: int, failure_code: str) -> bool:
    """Note that the provider could not do it after all; False when that was known. Locks: the
    refund."""
    refund = Refund.objects.filter(pk=refund_id).locked().get()
    if refund.status == Refund.Status.FAILED:
        return False
    refund.status, refund.failure_code = Refund.Status.FAILED, failure_code
    refund.save(update_fields=["status", "failure_code"])
    return True


@atomic_retry()
def book_refund(refund_id: int, at: datetime) -> bool:
    """Note that the provider has sent the money; False when that was known. Locks: order,
    refund."""
    order = Order.objects.filter(refunds__pk=refund_id).locked().get()
    refund = Refund.objects.select_related("payment").filter(pk=refund_id).locked().get()
    if refund.status == Refund.Status.SUCCEEDED:
        return False
    refund.status, refund.succeeded_at, refund.failure_code = Refund.Status.SUCCEEDED, at, ""
    refund.save(update_fields=["status", "succeeded_at", "failure_code"])
    is_surplus = refund.reason == SURPLUS
    give_back(order, refund, at=at)
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
    if refund.after_sale_id is not None:
        finish_paid(refund.after_sale_id, at=at)
    close_tasks(kind=OrderTask.Kind.REFUND_STUCK, reference=refund.refund_no, at=at, outcome="sent")
    template = messages.SURPLUS_REFUNDED if is_surplus else messages.ORDER_REFUNDED
    tell_buyer(order, template, {"amount_fen": refund.amount_fen}, at=at, cause=refund.refund_no)
    failpoint("refund.before_commit")
    return True
