"""Goods on their way back: fetched or sent, inspected, exchanged, or never seen.

Source: O-46, O-47, O-48, I-22.
"""

from datetime import timedelta

import pytest
from django.utils.translation import override

from inventory.models import StockItem
from inventory.testing import broken_books
from members.models import Wallet
from members.testing import make_operator
from orders.errors import AfterSaleNotOffered, PickupDayRefused
from orders.models import AfterSale, OrderTask, PickupRequest, Refund
from orders.services import (
    PickupWish,
    approve_after_sale,
    cancel_after_sale,
    confirm_refund,
    expire_after_sales,
    inspect_return,
    refund_after_sale,
    resend_after_sale,
    send_back,
)
from orders.tests.cases import LATER, ask, drain, fresh, granted, house_of, line_of, sent_order

pytestmark = pytest.mark.django_db
State = AfterSale.State


def test_O_47_I_22_a_return_goes_through_all_its_states_and_its_goods_by_their_grade():
    operator = make_operator()
    order = sent_order(received=True, quantity=2)
    stock = StockItem.objects.get(sku=line_of(order).sku)
    case = ask(order, 2, kind="return_refund", reason="quality")

    approve_after_sale(number=case.number, actor=operator, at=LATER)
    assert fresh(case).state == State.AWAITING_RETURN
    send_back(
        number=case.number, member_id=order.member_id, carrier="sf", tracking_no="RT1", at=LATER
    )
    assert fresh(case).state == State.RETURNING
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1, "C": 1}},
        warehouse_id=stock.warehouse_id,
        actor=operator,
        at=LATER,
    )
    assert fresh(case).state == State.INSPECTED
    refund_after_sale(number=case.number, actor=operator, at=LATER)
    drain()

    after = fresh(stock)
    assert fresh(case).state == State.DONE
    assert (after.on_hand, after.defective) == (stock.on_hand + 1, 1)
    assert fresh(order).refunded_fen == order.paid_fen
    assert [event.code for event in case.events.all()] == [
        "requested",
        "awaiting_return",
        "returning",
        "inspected",
        "refunding",
        "done",
    ]
    assert broken_books() == []


def test_goods_that_are_missing_are_not_paid_for():
    operator = make_operator()
    order = sent_order(received=True, quantity=2)
    case = ask(order, 2, kind="return_refund", reason="no_reason")
    approve_after_sale(number=case.number, actor=operator, at=LATER)

    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=house_of(order),
        actor=operator,
        at=LATER,
    )

    assert fresh(case).goods_fen == line_of(order).payable_fen // 2


def test_O_46_a_door_pickup_shows_on_the_case_and_in_the_list_of_pickups():
    order = sent_order(received=True)
    tomorrow = (LATER + timedelta(days=1)).date()
    wish = {"kind": "return_refund", "reason": "quality"}

    case = ask(order, pickup=PickupWish(tomorrow, "09-12"), **wish)

    pickup = PickupRequest.objects.get(after_sale=case)
    with override("en"):
        assert (pickup.day, pickup.get_window_display()) == (tomorrow, "9:00 to 12:00")
    assert OrderTask.objects.open().get(kind=OrderTask.Kind.PICKUP).reference == case.number
    cancel_after_sale(number=case.number, member_id=order.member_id, at=LATER)
    assert fresh(pickup).state == PickupRequest.State.CANCELLED
    assert not OrderTask.objects.open().exists()
    with pytest.raises(PickupDayRefused):
        ask(order, pickup=PickupWish(LATER.date() + timedelta(days=9), "09-12"), **wish)


def test_O_48_the_buyer_is_repaid_the_freight_of_a_faulty_return():
    operator = make_operator()
    faulty, unwanted = sent_order(received=True), sent_order(received=True)
    for order, reason in ((faulty, "damaged"), (unwanted, "no_reason")):
        case = ask(order, kind="return_refund", reason=reason)
        approve_after_sale(number=case.number, actor=operator, at=LATER)
        inspect_return(
            number=case.number,
            grades={case.lines.get().pk: {"A": 1}},
            warehouse_id=house_of(order),
            return_freight_fen=1_200,
            actor=operator,
            at=LATER,
        )

    payers = dict(AfterSale.objects.values_list("reason", "freight_payer"))
    assert payers == {"damaged": "merchant", "no_reason": "buyer"}
    assert Wallet.objects.get(member=faulty.member).balance_fen == 1_200
    assert not Wallet.objects.filter(member=unwanted.member, balance_fen__gt=0).exists()


def test_an_exchange_sends_a_replacement_and_no_money():
    operator = make_operator()
    order = sent_order(received=True)
    case = ask(order, kind="exchange", reason="size")
    stock = StockItem.objects.get(sku=line_of(order).sku)
    approve_after_sale(number=case.number, actor=operator, at=LATER)
    assert fresh(stock).reserved == stock.reserved + 1
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=stock.warehouse_id,
        actor=operator,
        at=LATER,
    )

    for pay_instead in (refund_after_sale, confirm_refund):
        with pytest.raises(AfterSaleNotOffered):
            pay_instead(number=case.number, actor=make_operator(), at=LATER)
    resend_after_sale(number=case.number, carrier="sf", tracking_no="SF9", actor=operator, at=LATER)

    case, line = fresh(case), line_of(order)
    assert (case.state, case.replacement.tracking_no) == (State.DONE, "SF9")
    assert (line.refunding, line.refunded, line.shipped) == (0, 0, 1)
    assert not Refund.objects.exists()
    assert (fresh(stock).on_hand, fresh(stock).reserved) == (stock.on_hand, stock.reserved)
    assert broken_books() == []


def test_goods_that_are_not_sent_back_in_time_end_the_case():
    order = sent_order(received=True)
    case = granted(order, kind="exchange", reason="size")
    late = LATER + timedelta(days=7)

    assert expire_after_sales(late - timedelta(seconds=1)) == 0
    assert expire_after_sales(late) == 1
    assert expire_after_sales(late) == 0

    assert fresh(case).state == State.CANCELLED
    assert line_of(order).refunding == 0
    assert broken_books() == []
