"""催付: an operator reminds a buyer of an order that waits to be paid. Source: requirement O-23."""

from datetime import datetime, timedelta

from mall.kernel import audit, clock
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders import messages
from orders.errors import IllegalMove, RemindedAlready
from orders.models import Order, PaymentReminder
from orders.services.fulfilment.sorting_paid import fulfilment_policy
from orders.services.telling import tell_buyer


@atomic_retry()
def remind_payment(*, order_number: str, actor: Account, at: datetime) -> PaymentReminder:
    """Send one message; the next one may be sent after the hours of the policy.

    Locks: the order. Raises: NotFound, IllegalMove when nothing is to be paid now,
    RemindedAlready.
    """
    order = Order.objects.filter(number=order_number).locked().first()
    if order is None:
        raise NotFound
    if not order.is_payable_at(at):
        raise IllegalMove(status=order.status)
    pause = timedelta(hours=fulfilment_policy().remind_hours)
    last = PaymentReminder.objects.filter(order=order).order_by("-at").first()
    if last is not None and last.at + pause > at:
        next_at = (last.at + pause).astimezone(clock.SHANGHAI)
        raise RemindedAlready(number=order.number, next_at=f"{next_at:%Y-%m-%d %H:%M}")
    reminder = PaymentReminder.objects.create(order=order, actor=actor, at=at)
    tell_buyer(
        order,
        messages.PAY_REMINDER,
        {"amount_fen": order.due_fen},
        at=at,
        cause=f"reminder:{reminder.pk}",
    )
    audit.record(actor=actor, verb="orders.remind_payment", target=order, at=at)
    return reminder
