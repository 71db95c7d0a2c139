"""What the shop says to a case: how much, by whom, once; money it gives without one.

Source: O-50, ATK-84, INV-28.
"""

import pytest

from inventory.testing import broken_books
from mall.kernel.notify.models import Message
from members.models import Wallet
from members.testing import make_operator
from orders.errors import AfterSaleMoved, AmountTooHigh, SecondPersonNeeded
from orders.models import AfterSale, Order, ServiceLimit
from orders.services import (
    approve_after_sale,
    compensate,
    confirm_refund,
    decide_compensation,
    refuse_after_sale,
    ship_order,
)
from orders.testing import make_order, make_stocked_sku
from orders.tests.cases import LATER, ask, clerk, fresh, line_of

pytestmark = pytest.mark.django_db
State, Status = AfterSale.State, Order.Status


def test_nobody_grants_more_than_the_share():
    order = make_order(paid=True)
    case = ask(order)
    row = case.lines.get()

    with pytest.raises(AmountTooHigh):
        approve_after_sale(
            number=case.number,
            actor=make_operator(),
            amounts_fen={row.pk: row.entitled_fen + 1},
            at=LATER,
        )
    assert fresh(case).state == State.REQUESTED
    less = approve_after_sale(
        number=case.number,
        actor=make_operator(),
        amounts_fen={row.pk: row.entitled_fen - 100},
        at=LATER,
    )
    assert fresh(order).refunded_fen == less.money_fen == order.paid_fen - 100


def test_ATK_84_above_the_limit_a_second_person_says_yes_and_small_steps_add_up():
    first = clerk("first", "approve_aftersale")
    second = clerk("second", "refund_aftersale")
    ServiceLimit.objects.create(group=first.groups.get(), refund_order_fen=15_000)
    order = make_order(paid=True, quantity=3, sku=make_stocked_sku(price_fen=10_000))

    small = approve_after_sale(number=ask(order).number, actor=first, at=LATER)
    split = approve_after_sale(number=ask(order).number, actor=first, at=LATER)
    with pytest.raises(SecondPersonNeeded):
        confirm_refund(number=split.number, actor=first, at=LATER)
    waits = fresh(split).state
    confirm_refund(number=split.number, actor=second, at=LATER)

    assert (small.state, waits) == (State.REFUNDING, State.APPROVED)
    assert fresh(split).state == State.REFUNDING


def test_O_50_30_yuan_passes_at_once_80_wait_for_another():
    first, second = clerk("first"), clerk("second")
    order = make_order(paid=True, quantity=3)
    ServiceLimit.objects.create(group=first.groups.get(), compensation_order_fen=5_000)
    give = {"order_number": order.number, "reason": "late", "at": LATER}

    small = compensate(amount_fen=3_000, actor=first, **give)
    big = compensate(amount_fen=8_000, actor=first, **give)
    rest = compensate(amount_fen=2_001, actor=first, **give)
    with pytest.raises(SecondPersonNeeded):
        decide_compensation(number=big.number, approve=True, actor=first, at=LATER)
    paid_before = Wallet.objects.get(member=order.member).balance_fen
    decide_compensation(number=big.number, approve=True, actor=second, at=LATER)

    assert [row.state for row in (small, big, rest)] == ["paid", "pending", "pending"]
    assert paid_before == 3_000
    assert Wallet.objects.get(member=order.member).balance_fen == 11_000
    with pytest.raises(AfterSaleMoved):
        decide_compensation(number=big.number, approve=True, actor=second, at=LATER)
    assert broken_books() == []


def test_a_case_moves_once_and_the_buyer_hears_of_each_step():
    order = make_order(paid=True)
    case = ask(order)
    refuse_after_sale(number=case.number, reason="packed", actor=make_operator(), at=LATER)

    with pytest.raises(AfterSaleMoved) as refusal:
        approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    assert refusal.value.facts == {"state": State.REFUSED}
    told = Message.objects.filter(template__startswith="orders.after_sale")
    assert set(told.values_list("template", flat=True)) == {
        "orders.after_sale_requested",
        "orders.after_sale_refused",
    }


def test_INV_28_a_piece_held_back_is_shipped_after_a_refusal():
    order = make_order(paid=True, quantity=1)
    case = ask(order)

    refuse_after_sale(number=case.number, reason="packed", actor=make_operator(), at=LATER)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=LATER)

    assert fresh(order).status == Status.SHIPPED
    assert (line_of(order).refunding, line_of(order).withdrawing) == (0, 0)
