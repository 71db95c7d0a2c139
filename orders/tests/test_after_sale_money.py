"""What a refund gives back and takes: shares, freight, coupons, points, gifts, sales figures.

Source: O-45, INV-20.
"""

from datetime import timedelta

import pytest

from catalog.testing import make_sku
from inventory.models import Reservation
from inventory.testing import broken_books, make_stock
from mall.kernel.balances import compare
from mall.kernel.outbox import relay_batch
from members.models import GrowthEntry, PointsAccount
from members.services import earn_points
from members.testing import make_member, make_operator
from orders.errors import NothingToShip
from orders.models import AfterSale, Order, Refund
from orders.services import (
    approve_after_sale,
    inspect_return,
    receive_order,
    refund_after_sale,
    ship_order,
)
from orders.testing import NOON, make_order, make_presale, make_stocked_sku, offered, pay
from orders.tests.cases import LATER, ask, drain, fresh, granted, house_of, line_of, sent_order
from promotions.models import Campaign
from promotions.testing import make_campaign, make_coupon, make_grant

pytestmark = pytest.mark.django_db
State, Status = AfterSale.State, Order.Status


def test_O_45_refund_of_one_of_two_pieces_returns_its_share_and_keeps_the_order():
    order = make_order(paid=True, quantity=2, sku=make_stocked_sku(price_fen=10_001))

    case = granted(order)
    drain()

    order, line = fresh(order), line_of(order)
    assert (case.state, fresh(case).state) == (State.REFUNDING, State.DONE)
    assert case.money_fen in (10_001, 10_000)
    assert (line.refunded, line.refunding, line.withdrawn, line.withdrawing) == (1, 0, 1, 0)
    assert (order.status, order.refunded_fen) == (Status.PAID, case.money_fen)
    assert Refund.objects.get(order=order).after_sale == case
    assert Reservation.objects.get(source_id=order.number).held == 1
    assert broken_books() == []


def test_the_last_unshipped_piece_closes_the_order_and_brings_freight_and_coupon_back():
    member = make_member()
    grant = make_grant(member=member)
    order = make_order(paid=True, quantity=2, member=member, coupon_grant_ids=(grant.pk,))

    granted(order)
    granted(order)
    drain()

    order = fresh(order)
    grant.refresh_from_db()
    assert (order.status, order.close_reason) == (Status.CLOSED, Order.CloseReason.REFUNDED)
    assert (order.refunded_fen, order.freight_refunded_fen) == (order.paid_fen, order.freight_fen)
    assert grant.state == "usable"
    assert not Reservation.objects.open().filter(source_id=order.number).exists()
    assert broken_books() == []


def test_a_partly_shipped_order_whose_rest_is_paid_back_is_shipped():
    order = make_order(paid=True, quantity=3)
    line = line_of(order)
    ship_order(
        order_number=order.number,
        carrier="sf",
        tracking_no="SF1",
        pieces={line.pk: 2},
        at=NOON,
    )

    case = ask(order, 1)
    held_back = fresh(order).status
    with pytest.raises(NothingToShip):
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF2", at=LATER)
    approve_after_sale(number=case.number, at=LATER)

    assert held_back == Status.PART_SHIPPED
    assert fresh(order).status == Status.SHIPPED
    assert fresh(order).receive_due_at is not None


def return_one(order):
    operator = make_operator()
    case = ask(order, 1, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )
    return refund_after_sale(number=case.number, actor=operator, at=LATER)


def test_INV_20_ATK_39_points_spent_come_back_and_points_earned_are_taken_with_a_debt():
    member = make_member()
    earn_points(member_id=member.pk, points=1_001, source_type="test", source_id="1", at=NOON)
    order = make_order(paid=True, member=member, quantity=3, sku=make_stocked_sku(), points=1_000)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON)
    order = receive_order(number=order.number, at=NOON)
    account = PointsAccount.objects.get(member=member)
    earned = account.balance - 1
    PointsAccount.objects.filter(pk=account.pk).update(balance=account.balance)

    cases = [return_one(order) for _n in range(3)]

    account.refresh_from_db()
    growth = GrowthEntry.objects.filter(member=member)
    assert sum(case.points_back for case in cases) == 1_000
    assert sum(case.points_taken for case in cases) == earned == order.points_earned
    assert (account.balance, account.debt) == (1_001, 0)
    assert sum(growth.values_list("delta_fen", flat=True)) == 0
    assert fresh(order).refunded_fen == order.paid_fen - order.freight_fen
    assert fresh(order).status == Status.RECEIVED
    assert broken_books() == []


def test_a_coupon_that_does_not_return_on_refund_is_forfeit():
    member = make_member()
    grant = make_grant(member=member, coupon=make_coupon(returns_on_refund=False))
    order = make_order(paid=True, member=member, coupon_grant_ids=(grant.pk,))

    granted(order)

    grant.refresh_from_db()
    assert grant.state == "forfeit"


def gift_order(**values):
    """A received order of one SKU with a gift worth ¥20."""
    sku, gift = make_stocked_sku(), make_sku(price_fen=2_000)
    make_stock(sku=gift, on_hand=5)
    rule = {"options": [{"sku_id": gift.pk, "value_fen": 2_000}], "threshold_fen": 5_000}
    make_campaign(Campaign.Kind.GIFT, rule=rule)
    return sent_order(sku=sku, received=True, **values)


def test_a_gift_goes_back_with_its_goods_and_is_charged_when_it_is_missing():
    operator = make_operator()
    order = gift_order()
    case = ask(order, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    goods, gift = case.lines.order_by("is_gift")
    inspect_return(
        number=case.number,
        grades={goods.pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )
    refund_after_sale(number=case.number, actor=operator, at=LATER)

    assert (gift.is_gift, gift.line.gift_for) == (True, [1])
    assert fresh(case).gift_charge_fen == 2_000
    assert fresh(order).refunded_fen == line_of(order).payable_fen - 2_000
    assert broken_books() == []


def test_a_gift_that_was_not_sent_goes_with_the_order():
    order = gift_order()
    second = make_order(paid=True, sku=line_of(order).sku, member=order.member)

    granted(second)

    gift = second.lines.get(is_gift=True)
    assert (gift.refunded, gift.withdrawn) == (1, 1)
    assert fresh(second).status == Status.CLOSED
    assert broken_books() == []


def test_a_refund_of_a_presale_goes_back_over_both_its_payments():
    item = make_presale().items.get()
    order = make_order(wanted=(offered(item),))
    pay(order)
    later = NOON + timedelta(days=3)
    pay(fresh(order), at=later)
    order = fresh(order)

    granted(order, at=later)
    drain(later)

    refunds = Refund.objects.filter(order=order).order_by("pk")
    assert [refund.payment.leg for refund in refunds] == ["balance", "deposit"]
    assert sum(refund.amount_fen for refund in refunds) == order.payable_fen
    assert fresh(order).status == Status.CLOSED
    assert broken_books() == []


def sales_that_differ():
    """What the judge finds between the counts and the orders."""
    (found,) = [one for one in compare() if one.balance.code == "product.sales"]
    assert found.rows >= 1
    return found.first


def test_sales_are_counted_back():
    order = make_order(paid=True, quantity=2)
    granted(order)
    relay_batch(LATER, limit=50)

    product = line_of(order).product
    product.refresh_from_db()
    assert product.sales_count == 1
    assert sales_that_differ() == ()


@pytest.mark.parametrize("refund", [False, True])
def test_a_gift_is_no_sale_and_its_return_takes_none_back(refund):
    order = gift_order()
    if refund:
        granted(make_order(paid=True, sku=line_of(order).sku, member=order.member))
    relay_batch(LATER, limit=50)

    goods, gift = order.lines.order_by("is_gift").select_related("product")
    assert (goods.product.sales_count, gift.product.sales_count) == (1, 0)
    assert sales_that_differ() == ()
