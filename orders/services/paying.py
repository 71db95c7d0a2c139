"""Starting a payment: the row is written and committed before any provider hears of it (F-22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mall.kernel.db import Prepared, create_rows
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.failpoints import failpoint
from orders.errors import (
    BalanceNotYet,
    IllegalMove,
    OrderExpired,
    ProviderAway,
    ProviderUnknown,
    TooManyPayments,
)
from orders.models import Order, Payment
from orders.providers import (
    Action,
    Bill,
    Payer,
    Provider,
    ProviderUnavailable,
    offered,
    provider_of,
)
from orders.providers.wallet import CODE as WALLET
from orders.services.attributing import note_unreached
from orders.services.numbering import new_number
from orders.services.paying_from_wallet import pay_from_wallet

OPEN_PAYMENTS = 5
FIRST_QUERY = timedelta(seconds=15)
NOBODY = Payer()


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """A payment and what the shopper's client does next."""

    payment: Payment
    action: Action


def ways_to_pay(*, balance_fen: int = 0, due_fen: int = 0) -> list[tuple[str, str]]:
    """(provider, scene) pairs that this shop offers, in the order they are shown.

    The balance is offered to those whose ``balance_fen`` covers what is due.
    """
    pairs = []
    for code in offered():
        provider = _provider(code)
        if code != WALLET or balance_fen >= due_fen > 0:
            pairs += [(code, scene) for scene in sorted(provider.scenes)]
    return pairs


def start_payment(
    *,
    order_number: str,
    member_id: int,
    provider: str,
    scene: str,
    at: datetime,
    payer: Payer = NOBODY,
) -> PaymentStart:
    """Open a payment, then begin it: two steps, never in one transaction.

    Raises: what `open_payment` and `begin_payment` raise.
    """
    payment = open_payment(
        order_number=order_number, member_id=member_id, provider=provider, scene=scene, at=at
    )
    return begin_payment(payment, at=at, payer=payer)


def begin_payment(payment: Payment, *, at: datetime, payer: Payer = NOBODY) -> PaymentStart:
    """Pay from the balance at once, or hear from the provider what the client does next.

    Call it outside transactions. Raises: NotEnoughMoney, IllegalMove, OrderExpired; what
    `payment_action` raises.
    """
    if payment.provider == WALLET:
        payment = pay_from_wallet(payment, at=at)
    try:
        return PaymentStart(payment, payment_action(payment, at=at, payer=payer))
    except ProviderAway:
        note_unreached(payment, at)
        raise


@transaction.atomic
def open_payment(
    *,
    order_number: str,
    member_id: int,
    provider: str,
    scene: str,
    at: datetime,
    leg: str | None = None,
) -> Payment:
    """Write a payment for what the order still costs; an open one of the same way is taken again.

    A presale's deposit comes first, its balance within the balance's own window; ``leg`` is what
    the client believes is due.
    Locks: the order. Raises: NotFound, ProviderUnknown, IllegalMove, OrderExpired, BalanceNotYet,
    InvalidInput for another leg, TooManyPayments.
    """
    if provider not in offered() or scene not in _provider(provider).scenes:
        raise ProviderUnknown
    order = _payable_order(order_number, member_id, at)
    due, amount_fen = _due(order, at)
    if leg not in (None, due):
        raise InvalidInput(field="leg", allowed=due)
    opened = _opened(order_id=order.pk, leg=due, at=at)
    for payment in opened:
        if (payment.provider, payment.scene) == (provider, scene):
            payment.order = order
            return payment
    if len(opened) >= OPEN_PAYMENTS:
        raise TooManyPayments
    payment = Payment(
        payment_no=new_number(at, "P"),
        order=order,
        leg=due,
        provider=provider,
        scene=scene,
        amount_fen=amount_fen,
        created_at=at,
        expires_at=order.expires_at or at + timedelta(minutes=30),
        query_at=at + FIRST_QUERY,
    )
    create_rows([payment])
    return payment


@Prepared
def _opened(*, order_id: int, leg: str, at: datetime) -> QuerySet[Payment]:
    """Payments of a leg that the shopper may still make."""
    pending = Payment.objects.filter(order_id=order_id, status=Payment.Status.PENDING)
    return pending.filter(expires_at__gt=at, leg=leg)


@Prepared
def _own_order(*, member_id: int, number: str) -> QuerySet[Order]:
    return Order.objects.of_member(member_id).filter(number=number).locked()


def _payable_order(number: str, member_id: int, at: datetime) -> Order:
    """The member's order, locked, as long as it can be paid."""
    order: Order | None = _own_order.one(member_id=member_id, number=number)
    if order is None:
        raise NotFound
    if order.status != Order.Status.UNPAID or order.stage == Order.Stage.CLOSING:
        raise IllegalMove(status=order.status)
    if order.expires_at is not None and order.expires_at <= at:
        raise OrderExpired
    return order


def _due(order: Order, at: datetime) -> tuple[str, int]:
    """What is to be paid now: the leg and its fen. Raises: BalanceNotYet."""
    if not order.deposit_fen:
        return Payment.Leg.FULL, order.due_fen
    if not order.awaits_balance:
        return Payment.Leg.DEPOSIT, order.due_fen
    if order.balance_from is not None and at < order.balance_from:
        raise BalanceNotYet(at=timezone.localtime(order.balance_from).strftime("%Y-%m-%d %H:%M"))
    return Payment.Leg.BALANCE, order.due_fen


def payment_action(payment: Payment, *, at: datetime, payer: Payer = NOBODY) -> Action:
    """Tell the provider about the payment: what the client does next. Call it outside transactions.

    The same payment again is the same payment. Raises: ProviderUnknown, ProviderAway.
    """
    bill = Bill(
        payment_no=payment.payment_no,
        order_number=payment.order.number,
        amount_fen=payment.amount_fen,
        scene=payment.scene,
        expires_at=payment.expires_at,
        payer=payer,
    )
    failpoint("payment.before_provider")
    try:
        return _provider(payment.provider).start(bill, at=at)
    except ProviderUnavailable as error:
        raise ProviderAway from error


def _provider(code: str) -> Provider:
    provider = provider_of(code)
    if provider is None:
        raise ProviderUnknown
    return provider
