"""Asking about payments whose notice never came: delivery is not guaranteed (F-25)."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel.db import atomic_retry
from orders.models import Order, Payment
from orders.providers import Provider, ProviderUnavailable, Trade, TradeState, provider_of
from orders.services.settling import STILL_OPEN, Outcome, Verdict, apply_trade

WAITS_SECONDS = (15, 60, 60, 60, 300, 900)
"""After how long each next question is asked, so that a provider that was away for a minute or two
costs no more; the last one repeats until the payment is closed."""


def query_silent_payments(at: datetime, limit: int = 100) -> int:
    """Ask providers about open payments that are due; returns how many were settled by it."""
    due = Payment.objects.filter(status__in=STILL_OPEN, query_at__lte=at)
    numbers = list(due.order_by("query_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(query_payment(pk, at) for pk in numbers)


def query_payment(payment_id: int, at: datetime) -> bool:
    """Ask about one due payment and believe the answer; True when it settled something.

    The question is noted and committed before it is asked, so that two askers never ask at once.
    A payment that its order needs no more is closed instead, so that it is not asked about for
    ever.
    """
    payment = _claim(payment_id, at)
    provider = provider_of(payment.provider) if payment else None
    if payment is None or provider is None:
        return False
    try:
        if payment.order.status == Order.Status.UNPAID:
            trade = provider.query(payment.payment_no, at=at)
        else:
            trade = close_trade(provider, payment.payment_no, at=at)
    except ProviderUnavailable:
        return False
    if trade.state in (TradeState.PENDING, TradeState.UNKNOWN):
        return False
    return settle_trade(payment.provider, trade, at).outcome == Outcome.APPLIED


def close_trade(provider: Provider, payment_no: str, *, at: datetime) -> Trade:
    """Make sure at its provider that a payment cannot be paid any more. Raises:
    ProviderUnavailable."""
    trade = provider.close(payment_no, at=at)
    if trade.state == TradeState.UNKNOWN:  # it never heard of it: the start call was lost
        return replace(trade, state=TradeState.CLOSED)
    return trade


@atomic_retry()
def settle_trade(provider: str, trade: Trade, at: datetime) -> Verdict:
    """`apply_trade` in a transaction of its own, again after a deadlock."""
    return apply_trade(provider=provider, trade=trade, at=at)


@transaction.atomic
def _claim(payment_id: int, at: datetime) -> Payment | None:
    due = Payment.objects.filter(pk=payment_id, status__in=STILL_OPEN, query_at__lte=at)
    payment: Payment | None = due.select_related("order").locked().first()
    if payment is None:
        return None
    payment.queries += 1
    wait = WAITS_SECONDS[min(payment.queries, len(WAITS_SECONDS) - 1)]
    payment.query_at = at + timedelta(seconds=wait)
    payment.save(update_fields=["queries", "query_at"])
    return payment
