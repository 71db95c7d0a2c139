"""Builders of orders for tests, through the verbs: stock, coupons, points and ledgers always
agree."""

from datetime import UTC, datetime
from typing import Any

from catalog.models import Sku
from catalog.testing import make_sku
from inventory.selectors import available_pieces
from inventory.testing import make_stock
from members.models import Member
from members.testing import make_address, make_member
from orders.models import Order, Payment
from orders.providers.sandbox.cashier import write_notice
from orders.services import (
    Submission,
    Wanted,
    pay_at_cashier,
    place_order,
    receive_order,
    ship_order,
    start_payment,
)

__all__ = [
    "NOON",
    "make_order",
    "make_received_order",
    "make_stocked_sku",
    "open_sandbox_payment",
    "pay",
    "write_notice",
]

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
FORTY_PIECES = 40


def make_order(
    *,
    member: Member | None = None,
    sku: Sku | None = None,
    quantity: int = 1,
    paid: bool = False,
    at: datetime = NOON,
    wanted: tuple[Wanted, ...] | None = None,
    **submission: Any,
) -> Order:
    """An order of ``quantity`` pieces of ``sku`` (or ``wanted``), with stock made where there is
    none."""
    member = member or make_member()
    to = member.addresses.first() or make_address(member=member)
    if wanted is None:
        wanted = (Wanted((sku or make_stocked_sku()).pk, quantity),)
    for line in wanted:
        if available_pieces([line.sku_id])[line.sku_id] < line.quantity:
            make_stock(sku=Sku.objects.get(pk=line.sku_id), on_hand=FORTY_PIECES)
    order = place_order(
        member_id=member.pk,
        submission=Submission(address_id=to.pk, wanted=wanted, **submission),
        at=at,
    )
    if paid and order.payable_fen:
        pay(order, at=at)
    return Order.objects.get(pk=order.pk)


def make_stocked_sku(*, price_fen: int = 10_000, on_hand: int = FORTY_PIECES, **values: Any) -> Sku:
    """A SKU on sale with pieces in the test warehouse."""
    sku = make_sku(price_fen=price_fen, **values)
    make_stock(sku=sku, on_hand=on_hand)
    return sku


def open_sandbox_payment(order: Order, *, at: datetime = NOON) -> Payment:
    """A pending payment that the sandbox knows about."""
    assert order.member_id is not None
    start = start_payment(
        order_number=order.number,
        member_id=order.member_id,
        provider="sandbox",
        scene="sandbox",
        at=at,
    )
    return start.payment


def pay(order: Order, *, at: datetime = NOON) -> Payment:
    """Pay an order at the sandbox's cashier; its signed notice is applied."""
    payment = open_sandbox_payment(order, at=at)
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=at)
    payment.refresh_from_db()
    return payment


def make_received_order(*, at: datetime = NOON, **values: Any) -> Order:
    """An order that was paid, shipped whole and confirmed."""
    order = make_order(paid=True, at=at, **values)
    ship_order(order_number=order.number, carrier="sf", tracking_no=f"SF{order.pk:010}", at=at)
    return receive_order(number=order.number, at=at)
