"""An order beside the plan: placed and paid at the sandbox cashier as a shopper does it."""

from collections.abc import Sequence
from datetime import datetime

from members.models import Address
from orders.models import Order
from orders.services import Submission, Wanted, pay_at_cashier, place_order, start_payment

SANDBOX = "sandbox"


def buy(address: Address, sku_ids: Sequence[int], at: datetime) -> Order:
    """One piece of each SKU to an address of its member, paid."""
    order = place_order(
        member_id=address.member_id,
        submission=Submission(
            address_id=address.pk,
            wanted=tuple(Wanted(sku_id, 1) for sku_id in sku_ids),
            source=Order.Source.DEMO,
        ),
        at=at,
    )
    payment = start_payment(
        order_number=order.number,
        member_id=address.member_id,
        provider=SANDBOX,
        scene=SANDBOX,
        at=at,
    ).payment
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=at)
    order.refresh_from_db()
    return order
