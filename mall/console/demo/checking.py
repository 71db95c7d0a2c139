"""A demo order that risk has found: fifty pieces of one SKU, paid with a code, to be looked at
before it is packed."""

from django.db.models import F

from catalog.models import Sku
from inventory.models import StockItem
from mall.console.demo.seeding import Seeding, Tally
from members.models import Member
from members.sandbox import last_sms_code
from members.services import prove, send_code
from orders.models import Order, OrderCheck
from orders.services import (
    Submission,
    Wanted,
    assess_payment,
    pay_at_cashier,
    place_order,
    start_payment,
)

BUYER, PIECES, LEFT = "13800000004", 50, 20
SANDBOX = "sandbox"


def seed_check(seeding: Seeding) -> Tally:
    """One order that waits for the eyes of the service."""
    if OrderCheck.objects.exists():
        return Tally(0, OrderCheck.objects.count())
    member = Member.objects.select_related("account").get(account__phone=BUYER)
    sku_id = _plenty()
    if sku_id is None:
        return Tally(0)
    order = place_order(
        member_id=member.pk,
        submission=Submission(
            address_id=member.addresses.order_by("-is_default", "pk")[0].pk,
            wanted=(Wanted(sku_id, PIECES),),
            source=Order.Source.DEMO,
        ),
        at=seeding.at,
    )
    _pay_with_code(order, member, seeding)
    return Tally(OrderCheck.objects.count())


def _plenty() -> int | None:
    """A SKU of which fifty pieces may be ordered and are not missed."""
    rich = StockItem.objects.in_use().filter(on_hand__gte=PIECES + LEFT + F("reserved"))
    free = Sku.objects.buyable().filter(
        pk__in=rich.values("sku_id"),
        order_limit=None,
        product__member_limit=None,
        product__total_limit=None,
    )
    return free.order_by("price_fen", "pk").values_list("pk", flat=True).first()


def _pay_with_code(order: Order, member: Member, seeding: Seeding) -> None:
    """As a shopper does: the risk asks for a code, then the order is paid."""
    phone = str(member.account.phone)
    send_code(phone=phone, purpose="verify", client_ip="", at=seeding.at)
    prove(
        account=member.account,
        deed="pay",
        subject=order.number,
        code=last_sms_code(phone) or "",
        at=seeding.at,
    )
    assess_payment(order_number=order.number, member_id=member.pk, at=seeding.at)
    payment = start_payment(
        order_number=order.number,
        member_id=member.pk,
        provider=SANDBOX,
        scene=SANDBOX,
        at=seeding.at,
    ).payment
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=seeding.at)
