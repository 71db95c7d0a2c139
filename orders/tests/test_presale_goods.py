"""What presales sold comes in: it is held for who paid, and the order is sent like any other.

Source: O-17, O-32, I-38.
"""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError

from inventory.errors import OutOfStock
from inventory.models import Reservation, RoutingPolicy, StockItem
from inventory.testing import make_stock, make_supplier, make_warehouse
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_address, make_member, make_operator
from orders.models import Order, Packing, SubOrder
from orders.presenting import order_dict
from orders.selectors import packing_queue, with_all, without_stock
from orders.services import (
    Destination,
    Wanted,
    approve_after_sale,
    cancel_order,
    change_address,
    hold_awaited,
    make_pick_list,
    place_order,
    ship_order,
    write_missing,
)
from orders.services.placing import Submission
from orders.testing import NOON, make_order, make_presale, offered, pay
from orders.tests.cases import ask
from promotions.models import ActivityItem

pytestmark = pytest.mark.django_db(transaction=True)

PAID_AT = NOON + timedelta(days=3)
ARRIVAL = NOON + timedelta(days=10)
URUMQI = "650102002"


@pytest.fixture
def presale(db):
    """Nothing of it is in stock yet."""
    found = make_presale(quota=10)
    ActivityItem.objects.update(per_member=3)
    return found


def paid_order(presale, quantity=1, at=PAID_AT, **values):
    """An order of which both legs are paid."""
    item = ActivityItem.objects.get(campaign=presale)
    order = make_order(wanted=(offered(item, quantity),), **values)
    pay(order)
    pay(order, at=at)
    return Order.objects.get(pk=order.pk)


def comes_in(presale, pieces, **values):
    item = ActivityItem.objects.select_related("sku").get(campaign=presale)
    return make_stock(sku=item.sku, on_hand=pieces, **values)


def holders():
    rows = Reservation.objects.open().order_by("pk")
    return list(rows.values_list("source_id", "quantity"))


def broken_laws():
    return [law.code for law, violation in audit() if violation]


def test_O_32_goods_that_come_in_are_held_for_who_paid_and_not_sold_to_others(presale):
    first, second = paid_order(presale), paid_order(presale, 2)
    item = comes_in(presale, 3)

    assert hold_awaited(ARRIVAL) == 2

    assert holders() == [(first.number, 1), (second.number, 2)]
    with pytest.raises(OutOfStock):
        place_order(
            member_id=first.member_id,
            submission=Submission(
                address_id=first.member.addresses.get().pk, wanted=(Wanted(item.sku_id, 1),)
            ),
            at=ARRIVAL,
        )
    assert hold_awaited(ARRIVAL) == 0
    assert broken_laws() == []


def test_O_32_who_paid_first_is_served_first_and_who_only_left_a_deposit_is_not(presale):
    late = paid_order(presale, at=PAID_AT + timedelta(hours=2))
    early = paid_order(presale, at=PAID_AT)
    pay(make_order(wanted=(offered(ActivityItem.objects.get()),)))
    comes_in(presale, 1)

    assert hold_awaited(ARRIVAL) == 1
    assert holders() == [(early.number, 1)]

    comes_in(presale, 5)
    assert hold_awaited(ARRIVAL) == 1
    assert [number for number, _pieces in holders()] == [early.number, late.number]


def test_O_32_an_order_gets_all_its_goods_or_none_and_what_is_too_little_goes_to_the_next(presale):
    paid_order(presale, 3, at=PAID_AT)
    small = paid_order(presale, 1, at=PAID_AT + timedelta(hours=1))
    comes_in(presale, 2)

    assert hold_awaited(ARRIVAL) == 1

    assert holders() == [(small.number, 1)]
    assert StockItem.objects.get().available == 1


def test_O_17_a_presale_whose_goods_are_there_is_picked_and_sent_like_any_other(presale):
    order = paid_order(presale)
    assert list(without_stock()) == [order]
    house = comes_in(presale, 1).warehouse

    hold_awaited(ARRIVAL)

    assert list(packing_queue(house.pk)) == [order]
    assert not without_stock().exists()
    make_pick_list(order_ids=[order.pk], warehouse=house, actor=make_operator(), at=ARRIVAL)
    assert Packing.objects.get().order == order
    shipment = ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=ARRIVAL)
    assert shipment.warehouse == house
    assert Reservation.objects.count() == 1
    assert broken_laws() == []


def test_a_receipt_wakes_the_timer_where_somebody_waits_for_goods(presale):
    with patch("orders.services.awaiting.nudge") as nudge:
        comes_in(presale, 1)
        relay_batch(ARRIVAL, limit=50)
        assert not nudge.called

        paid_order(presale)
        comes_in(presale, 1)
        relay_batch(ARRIVAL, limit=50)

    nudge.assert_called_once_with("orders.hold_awaited")


def test_O_28_a_supplier_is_told_of_the_goods_that_have_come_to_its_house(presale):
    house = make_supplier(house=True).warehouses.get()
    order = paid_order(presale)
    comes_in(presale, 1, warehouse=house)
    hold_awaited(ARRIVAL)

    assert write_missing(ARRIVAL) == 1

    sub = SubOrder.objects.get()
    assert (sub.order, sub.warehouse) == (order, house)
    assert broken_laws() == []


def statements_of_the_timer():
    with count_queries() as queries:
        hold_awaited(ARRIVAL)
    return len(queries)


def test_what_nobody_waits_for_costs_the_timer_one_statement(db):
    make_order(paid=True)

    assert statements_of_the_timer() == 1


def test_waiting_costs_the_timer_as_much_for_50_orders_as_for_2(presale):
    ActivityItem.objects.update(quota=150)
    for _n in range(2):
        paid_order(presale, 3)
    none_has_come = statements_of_the_timer()
    item = comes_in(presale, 2)
    too_little_has_come = statements_of_the_timer()

    for _n in range(48):
        paid_order(presale, 3)

    assert statements_of_the_timer() == too_little_has_come == 4
    make_order(wanted=(Wanted(item.sku_id, 2),))
    assert statements_of_the_timer() == none_has_come == 2


def test_an_order_that_cannot_be_sent_from_where_its_goods_lie_holds_up_nobody(presale):
    RoutingPolicy.objects.update_or_create(pk=1, defaults={"max_parcels": 1})
    paid_order(presale, 2)
    next_one = paid_order(presale, at=PAID_AT + timedelta(hours=1))
    comes_in(presale, 1)
    comes_in(presale, 1, warehouse=make_warehouse(code="west"))

    assert hold_awaited(ARRIVAL) == 1

    assert holders() == [(next_one.number, 1)]


def test_goods_of_an_order_that_is_cancelled_meanwhile_are_free_again(presale):
    gone, waiting = paid_order(presale), paid_order(presale, at=PAID_AT + timedelta(hours=1))
    comes_in(presale, 1)
    hold_awaited(ARRIVAL)

    cancel_order(number=gone.number, member_id=gone.member_id, reason="", at=ARRIVAL)
    assert holders() == []
    hold_awaited(ARRIVAL)

    assert holders() == [(waiting.number, 1)]
    assert broken_laws() == []


@pytest.mark.parametrize("has_come", [True, False])
def test_pieces_paid_back_before_shipping_are_let_go_of_whether_they_have_come_or_not(
    presale, has_come
):
    order = paid_order(presale, 3)
    if has_come:
        comes_in(presale, 3)
        hold_awaited(ARRIVAL)
    case = ask(order, 1, at=ARRIVAL)

    approve_after_sale(number=case.number, at=ARRIVAL, actor=make_operator())
    comes_in(presale, 3)
    hold_awaited(ARRIVAL)

    assert sum(row.held for row in Reservation.objects.open()) == 2
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=ARRIVAL)
    assert broken_laws() == []


def test_a_presale_that_goes_elsewhere_takes_its_goods_from_the_house_there(presale):
    order = paid_order(presale)
    comes_in(presale, 1)
    hold_awaited(ARRIVAL)
    west = make_warehouse(code="west", served_prefixes=("65",))
    comes_in(presale, 1, warehouse=west)

    change_address(
        order_number=order.number,
        to=Destination("李四", "13911112222", URUMQI, "人民路 8 号"),
        reason="搬家",
        actor=make_operator(),
        at=ARRIVAL,
    )

    assert Reservation.objects.open().get().item.warehouse == west
    assert broken_laws() == []


def two_timers(presale):
    order = paid_order(presale)
    comes_in(presale, 2)
    together = all_read_before_any_writes(
        "orders.services.goods.held_for", 2, or_a_lock_holds_them=True
    )
    with together:
        outcomes = stampede(2, lambda _n: hold_awaited(ARRIVAL))
    return order, outcomes


def test_two_timers_at_once_hold_an_order_once(presale):
    order, outcomes = two_timers(presale)

    assert not outcomes.errors
    assert sorted(outcomes.results) == [0, 1]
    assert holders() == [(order.number, 1)]
    assert broken_laws() == []


def test_control_without_locks_only_the_ledger_of_stock_stops_the_second_timer(presale):
    with without_locks():
        _order, outcomes = two_timers(presale)

    assert outcomes.only(IntegrityError)
    assert len(outcomes.errors) == 1


def timer_and_shopper(presale):
    """The last piece has come: the timer takes it for who has paid, a shopper for a new order."""
    order, shopper = paid_order(presale), make_member()
    item = comes_in(presale, 1)
    submission = Submission(
        address_id=make_address(member=shopper).pk, wanted=(Wanted(item.sku_id, 1),)
    )
    deeds = [
        lambda: hold_awaited(ARRIVAL),
        lambda: place_order(member_id=shopper.pk, submission=submission, at=ARRIVAL),
    ]
    together = all_read_before_any_writes(
        "inventory.services.reserving.decide", 2, or_a_lock_holds_them=True
    )
    with together:
        return order, stampede(2, lambda n: deeds[n]())


def test_O_32_the_last_piece_goes_to_the_presale_or_to_a_shopper_never_to_both(presale):
    order, outcomes = timer_and_shopper(presale)

    [(holder, pieces)] = holders()
    assert pieces == 1
    if holder == order.number:
        assert outcomes.results == [1]
        assert outcomes.only(OutOfStock)
    else:
        assert not outcomes.errors
        assert outcomes.results[0] == 0
    assert broken_laws() == []


def test_control_without_locks_only_the_constraint_keeps_the_last_piece_from_both(presale):
    with without_locks():
        _order, outcomes = timer_and_shopper(presale)

    assert outcomes.only(IntegrityError)
    assert len(outcomes.errors) == 1


def test_the_judge_sees_an_order_that_holds_more_than_it_has_to_send(presale):
    paid_order(presale)
    item = comes_in(presale, 2)
    hold_awaited(ARRIVAL)
    assert broken_laws() == []

    Reservation.objects.update(quantity=2)
    StockItem.objects.filter(pk=item.pk).update(reserved=2)

    assert "INV-04b" in broken_laws()


def test_O_32_the_day_an_order_leaves_is_frozen_when_it_is_placed(presale):
    order = paid_order(presale)
    presale.rule["ships_on"] = "2027-01-31"
    presale.save(update_fields=["rule"])

    order.refresh_from_db()
    assert order.ships_on == date(2026, 12, 10)
    shown = order_dict(with_all(Order.objects.filter(pk=order.pk)).get(), at=ARRIVAL)
    assert shown["ships_on"] == date(2026, 12, 10)
    assert (
        order_dict(with_all(Order.objects.filter(pk=make_order().pk)).get(), at=NOON)["ships_on"]
        is None
    )
