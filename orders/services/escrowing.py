"""Money in trust: what buyers paid is held until the order is over, then the shop has earned it.

Accounts of the book: ``provider:<code>`` got the money, ``escrow`` is what is owed to buyers and
the shop until one of them has a right to it, ``sales`` what the shop has earned. What suppliers
are owed for goods they shipped is not said here: their statements alone do (I-42). A posting names
its cause, so nothing is held, released or settled twice. Source: requirement O-41, INV-14.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum

from mall.kernel import ledger
from orders.models import Order, Payment, Refund

ESCROW, SALES, SURPLUS = "escrow", "sales", "surplus"
SETTLEMENT = "settlement"
"""Kind of the posting by which an order's money leaves the escrow for good."""


def hold(payment: Payment, *, at: datetime) -> None:
    """Put an accepted payment into the escrow. Queries: 1."""
    _receive(payment, ESCROW, at)


def hold_surplus(payment: Payment, *, at: datetime) -> None:
    """Keep money that no order needs apart, until it has gone back. Queries: 1."""
    _receive(payment, SURPLUS, at)


def _receive(payment: Payment, account: str, at: datetime) -> None:
    ledger.post(
        kind="payment",
        reference=payment.payment_no,
        amounts_fen={
            f"provider:{payment.provider}": payment.amount_fen,
            account: -payment.amount_fen,
        },
        at=at,
    )


def give_back(order: Order, refund: Refund, *, at: datetime) -> None:
    """Book money that has gone back to the buyer: out of the escrow, or out of what was earned.

    A refund that was opened before the order was settled was never settled. Queries: 1.
    """
    ledger.post(
        kind="refund",
        reference=refund.refund_no,
        amounts_fen={
            f"provider:{refund.payment.provider}": -refund.amount_fen,
            _source_of(order, refund): refund.amount_fen,
        },
        at=at,
    )


def _source_of(order: Order, refund: Refund) -> str:
    if refund.reason == SURPLUS:
        return SURPLUS
    late = order.settled_at is not None and refund.created_at > order.settled_at
    return SALES if late else ESCROW


def settle(order: Order, *, at: datetime) -> int:
    """Let the money of an order that is over be earned; returns the fen, once.

    What is refunded, or still on its way back, stays in the escrow for the buyer; imported orders
    were paid elsewhere. The caller holds the order. Queries: 3, 4 when there is money.
    """
    if order.settled_at is not None:
        return order.settled_fen
    net_fen = 0 if order.source == Order.Source.IMPORT else _net_of(order)
    if net_fen:
        ledger.post(
            kind=SETTLEMENT,
            reference=order.number,
            amounts_fen={ESCROW: net_fen, SALES: -net_fen},
            at=at,
        )
    order.settled_at, order.settled_fen = at, net_fen
    order.save(update_fields=["settled_at", "settled_fen"])
    return net_fen


def _net_of(order: Order) -> int:
    """Accepted payments less every refund that was opened, also one that did not go through."""
    accepted = Q(status=Payment.Status.SUCCEEDED, is_surplus=False)
    paid = order.payments.filter(accepted).aggregate(total=Sum("amount_fen"))["total"] or 0
    refunds = order.refunds.exclude(reason=SURPLUS)
    return int(paid - (refunds.aggregate(total=Sum("amount_fen"))["total"] or 0))


def settle_closed(at: datetime, limit: int = 200) -> int:
    """Settle what is left of closed orders, such as a deposit that is not given back; returns how
    many orders were settled."""
    due = Order.objects.filter(
        status=Order.Status.CLOSED, paid_fen__gt=0, settled_at__isnull=True, closed_at__lte=at
    ).exclude(source=Order.Source.IMPORT)
    ids = list(due.order_by("closed_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(_settle_closed(pk, at) for pk in ids)


@transaction.atomic
def _settle_closed(order_id: int, at: datetime) -> bool:
    """Locks: the order."""
    order = Order.objects.filter(pk=order_id).locked().get()
    if order.status != Order.Status.CLOSED:
        return False
    settle(order, at=at)
    return True
