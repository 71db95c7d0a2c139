"""After-sales at the same instant: many partial refunds, buyer against operator, shipping against
paying back; each with its control."""

import pytest
from django.db import IntegrityError

from inventory.testing import broken_books
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_operator
from orders.errors import (
    AfterSaleMoved,
    AfterSaleNotOffered,
    IllegalMove,
    NothingToShip,
    TooManyToReturn,
)
from orders.models import AfterSale, AfterSaleLine, Order
from orders.services import (
    approve_after_sale,
    cancel_after_sale,
    ship_order,
)
from orders.services.after_sales.requesting import speak_for
from orders.testing import make_order, make_stocked_sku
from orders.tests.cases import LATER, ask, granted

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = "orders.services.after_sales.requesting.facts_of"


def test_INV_15_of_20_partial_refunds_at_once_ten_pieces_are_paid_back_to_the_fen():
    order = make_order(paid=True, quantity=10, sku=make_stocked_sku(price_fen=9_999))

    outcomes = stampede(20, lambda _n: granted(order), connections_at_most=8)

    order = Order.objects.get(pk=order.pk)
    assert len(outcomes.results) == 10
    assert len(outcomes.errors) == 10
    assert outcomes.only((TooManyToReturn, AfterSaleNotOffered))
    assert (order.status, order.refunded_fen) == (Order.Status.CLOSED, order.paid_fen)
    assert sum(case.money_fen for case in AfterSale.objects.all()) == order.paid_fen
    assert broken_books() == []


def test_two_requests_for_one_piece_the_second_is_told():
    order = make_order(paid=True)

    with all_read_before_any_writes(FACTS, 2, or_a_lock_holds_them=True):
        outcomes = stampede(2, lambda _n: ask(order))

    assert len(outcomes.results) == 1
    assert outcomes.only(TooManyToReturn)


def test_control_without_locks_only_the_constraint_stops_the_second_request():
    order = make_order(paid=True)

    with without_locks(), all_read_before_any_writes(FACTS, 2):
        outcomes = stampede(2, lambda _n: ask(order))

    assert len(outcomes.results) == 1
    assert outcomes.only(IntegrityError)


def test_buyer_and_operator_at_once_one_of_them_wins():
    order = make_order(paid=True)
    case, operator = ask(order), make_operator()

    def run(number):
        if number:
            return approve_after_sale(number=case.number, actor=operator, at=LATER)
        return cancel_after_sale(number=case.number, member_id=order.member_id, at=LATER)

    outcomes = stampede(2, run)

    case.refresh_from_db()
    order.refresh_from_db()
    assert len(outcomes.results) == 1
    assert outcomes.only(AfterSaleMoved)
    paid_back = case.state == AfterSale.State.REFUNDING
    assert (order.refunded_fen == order.paid_fen) is paid_back
    assert broken_books() == []


def test_INV_28_shipping_and_paying_back_at_once_never_take_the_same_piece():
    for _n in range(4):
        order = make_order(paid=True)

        def run(number, order=order):
            if number:
                return granted(order)
            return ship_order(
                order_number=order.number,
                carrier="sf",
                tracking_no=f"SF{order.pk}",
                at=LATER,
            )

        outcomes = stampede(2, run)

        line = order.lines.get()
        assert len(outcomes.results) == 1
        assert (line.shipped, line.withdrawn) in ((1, 0), (0, 1))
        assert outcomes.only((NothingToShip, IllegalMove, AfterSaleNotOffered, TooManyToReturn))
    assert broken_books() == []


def test_control_without_locks_the_constraint_alone_keeps_a_piece_from_both():
    order = make_order(paid=True)
    line = order.lines.get()

    with without_locks():
        ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=LATER)
        with pytest.raises(IntegrityError):
            speak_for([AfterSaleLine(line=line, quantity=1, unshipped=1)], 1)

    line.refresh_from_db()
    assert (line.shipped, line.withdrawing) == (1, 0)
