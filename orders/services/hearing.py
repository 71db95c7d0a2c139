"""What providers say of refunds by themselves: believed once, only when all of it is right."""

from datetime import datetime

from django.db import transaction

from orders.models import Refund
from orders.providers import RefundWord, TradeState
from orders.services.refunding import book_refund, fail_refund
from orders.services.settling import Outcome, Verdict


@transaction.atomic
def apply_refund_word(*, provider: str, word: RefundWord, at: datetime) -> Verdict:
    """Believe a provider's word about one refund, once; what was sent back stays sent back.

    A refund that was accepted and failed afterwards waits for an operator, who sends it again.
    Locks: order, refund. Emits: PaymentRefunded.
    """
    refund = Refund.objects.filter(refund_no=word.refund_no, payment__provider=provider).first()
    if refund is None:
        return Verdict(Outcome.REFUSED, "refund_unknown")
    if refund.status == Refund.Status.SUCCEEDED:
        return Verdict(Outcome.REPEATED, payment_id=refund.payment_id)
    if word.amount_fen != refund.amount_fen:
        return Verdict(Outcome.REFUSED, "amount_wrong", refund.payment_id)
    if word.state == TradeState.PAID:
        done = book_refund(refund.pk, at)
    else:
        done = word.state == TradeState.FAILED and fail_refund(refund.pk, word.failure_code)
    outcome = Outcome.APPLIED if done else Outcome.REPEATED
    return Verdict(outcome, payment_id=refund.payment_id)
