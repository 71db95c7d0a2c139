"""Writing down where and why a payment failed. Source: O-37."""

from datetime import datetime

from orders.models import Order, Payment, PaymentFailure
from orders.reasons import reason_of

Stage = PaymentFailure.Stage
UNREACHED, EXPIRED, CANCELLED = "NETWORK", "TIMEOUT", "CANCELLED"


def note_unreached(payment: Payment, at: datetime) -> None:
    """Its provider did not answer when it was to begin. Queries: 1."""
    _note(payment, Stage.START, UNREACHED, at)


def note_end(order: Order, payment: Payment, code: str, at: datetime) -> None:
    """It was refused, or closed before it was paid; one that its order needs no more did not fail.

    Queries: 1 or none.
    """
    if payment.status == Payment.Status.FAILED:
        _note(payment, Stage.PAY, code, at)
    elif order.status == Order.Status.UNPAID:
        by_buyer = order.close_reason == Order.CloseReason.BUYER
        _note(payment, Stage.CLOSE, code or (CANCELLED if by_buyer else EXPIRED), at)


def _note(payment: Payment, stage: str, code: str, at: datetime) -> None:
    PaymentFailure.objects.create(
        payment=payment, stage=stage, reason=reason_of(code), code=code[:40], at=at
    )
