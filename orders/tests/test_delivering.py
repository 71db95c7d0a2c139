"""Parcels, receipts, reviews: O-18, INV-28, INV-29; growth and points come with the receipt."""

from datetime import timedelta

import pytest

from inventory.models import StockItem
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import NotFound
from mall.kernel.notify.models import Message
from members.testing import make_member, make_operator
from orders.errors import (
    AlreadyReviewed,
    IllegalMove,
    NothingToShip,
    NotReviewable,
    ParcelKnown,
    TooManyPieces,
)
from orders.models import Order, Review, Shipment
from orders.selectors import order as read_order
from orders.selectors import order_counts, orders_of, review_counts, reviews_of
from orders.services import (
    Wanted,
    complete_due,
    hide_order,
    receive_due,
    receive_order,
    record_trace,
    ship_order,
    write_review,
)
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ship(order, tracking_no="SF1", at=NOON, **values):
    return ship_order(
        order_number=order.number, carrier="sf", tracking_no=tracking_no, at=at, **values
    )


@pytest.fixture
def two_lines():
    wanted = (Wanted(make_stocked_sku().pk, 2), Wanted(make_stocked_sku().pk, 3))
    return make_order(wanted=wanted, paid=True)


def test_O_18_an_order_leaves_in_two_parcels(two_lines):
    operator = make_operator()
    first, second = two_lines.lines.all()

    ship(two_lines, "SF1", pieces={first.pk: 1, second.pk: 3}, actor=operator)
    assert Order.objects.get().status == "part_shipped"
    ship(two_lines, "SF2", actor=operator)

    order = read_order(two_lines.member_id, two_lines.number)
    assert (order.status, order.shipped_at) == ("shipped", NOON)
    assert order.receive_due_at == NOON + 15 * DAY
    assert [parcel.tracking_no for parcel in order.shipments.all()] == ["SF1", "SF2"]
    assert [line.shipped for line in order.lines.all()] == [2, 3]
    assert not StockItem.objects.filter(reserved__gt=0).exists()
    assert [row.code for row in order.history.all()][2:] == ["part_shipped", "shipped"]
    assert AuditEntry.objects.filter(verb="orders.ship", actor=operator).count() == 2
    told = Message.objects.filter(template="orders.order_shipped")
    assert [(row.params["carrier_zh"], row.params["carrier_en"]) for row in told] == [
        ("顺丰速运", "SF Express"), ("顺丰速运", "SF Express"),
    ]  # fmt: skip


def test_no_more_is_shipped_than_is_left(two_lines):
    first, second = two_lines.lines.all()
    ship(two_lines, "SF1", pieces={first.pk: 1})

    with pytest.raises(TooManyPieces) as refusal:
        ship(two_lines, "SF2", pieces={first.pk: 2})
    assert refusal.value.facts == {"sku": first.sku_code, "left": 1}
    for pieces, error in (
        ({first.pk: -1}, TooManyPieces),
        ({first.pk: 0}, NothingToShip),
        ({}, NothingToShip),
        ({10**9: 1}, NotFound),
    ):
        with pytest.raises(error):
            ship(two_lines, "SF2", pieces=pieces)
    with pytest.raises(ParcelKnown):
        ship(two_lines, "SF1", pieces={second.pk: 1})

    assert Shipment.objects.count() == 1
    second.refresh_from_db()
    assert second.shipped == 0


def test_O_15_only_paid_orders_are_shipped():
    order = make_order()

    with pytest.raises(IllegalMove) as refusal:
        ship(order)

    assert refusal.value.facts == {"status": "unpaid"}
    assert StockItem.objects.get().reserved == 1
    with pytest.raises(NotFound):
        ship_order(order_number="20261122NOSUCHORDR", carrier="sf", tracking_no="1", at=NOON)


def test_scans_are_shown_and_signing_starts_the_clock(two_lines):
    parcel = ship(two_lines)
    for code, hours in (("picked", 1), ("transit", 5), ("signed", 48), ("signed", 48)):
        record_trace(
            shipment_number=parcel.number, code=code, at=NOON + timedelta(hours=hours), place="杭州"
        )

    order = read_order(two_lines.member_id, two_lines.number)
    (shown,) = order.shipments.all()
    assert [trace.code for trace in shown.traces.all()] == ["signed", "transit", "picked"]
    assert shown.signed_at == NOON + 2 * DAY
    assert order.receive_due_at == NOON + 12 * DAY
    with pytest.raises(NotFound):
        record_trace(shipment_number="S0", code="picked", at=NOON)


def test_O_24_confirming_brings_points_and_growth_once(two_lines):
    ship(two_lines)

    receive_order(number=two_lines.number, member_id=two_lines.member_id, at=NOON)
    with pytest.raises(IllegalMove):
        receive_order(number=two_lines.number, member_id=two_lines.member_id, at=NOON)

    member = two_lines.member
    member.refresh_from_db()
    assert member.growth_fen == 50_000
    assert member.points_account.balance == 500


def test_only_the_buyer_confirms_and_only_what_was_shipped(two_lines):
    with pytest.raises(IllegalMove):
        receive_order(number=two_lines.number, member_id=two_lines.member_id, at=NOON)
    ship(two_lines)
    with pytest.raises(NotFound):
        receive_order(number=two_lines.number, member_id=make_member().pk, at=NOON)
    assert Order.objects.get().status == "shipped"


def test_O_24_silence_receives_and_completes_in_time(two_lines):
    ship(two_lines)
    assert receive_due(NOON + 15 * DAY - timedelta(seconds=1)) == 0
    assert receive_due(NOON + 15 * DAY) == 1
    assert complete_due(NOON + 22 * DAY - timedelta(seconds=1)) == 0

    assert complete_due(NOON + 22 * DAY) == 1

    order = Order.objects.get()
    assert (order.status, order.received_at) == ("completed", NOON + 15 * DAY)
    assert receive_due(NOON + 30 * DAY) == complete_due(NOON + 30 * DAY) == 0


def review(order, line=None, **values):
    line = line or order.lines.first()
    values = {"member_id": order.member_id, "rating": 4, "text": "好", "at": NOON, **values}
    return write_review(order_number=order.number, line_id=line.pk, **values)


def test_a_review_counts_once_per_received_line():
    order = make_received_order(quantity=2)
    assert order_counts(order.member_id)["to_review"] == 1

    review(order, is_anonymous=True)
    with pytest.raises(AlreadyReviewed):
        review(order)

    product = order.lines.get().product
    assert (product.rating_sum, product.rating_count) == (4, 1)
    assert [found.rating for found in reviews_of(product.pk)] == [4]
    assert review_counts(product.pk).stars == {5: 0, 4: 1, 3: 0, 2: 0, 1: 0}
    assert order_counts(order.member_id)["to_review"] == 0
    assert list(orders_of(order.member_id, status="to_review")) == []


def test_only_the_buyer_reviews_only_after_receipt():
    order = make_order(paid=True)
    with pytest.raises(NotReviewable):
        review(order)
    ship(order)
    receive_order(number=order.number, at=NOON)
    with pytest.raises(NotFound):
        review(order, member_id=make_member().pk)
    with pytest.raises(NotFound):
        review(order, line=make_received_order().lines.get())
    assert not Review.objects.exists()


def test_a_finished_order_can_be_hidden():
    order = make_received_order()
    with pytest.raises(IllegalMove):
        hide_order(number=order.number, member_id=order.member_id)
    complete_due(NOON + 8 * DAY)
    with pytest.raises(NotFound):
        hide_order(number=order.number, member_id=make_member().pk)

    hide_order(number=order.number, member_id=order.member_id)

    assert list(orders_of(order.member_id)) == []
    assert read_order(order.member_id, order.number).is_hidden
    with pytest.raises(NotFound):
        hide_order(number=order.number, member_id=order.member_id)


def test_orders_are_found_by_state_number_and_title():
    member = make_member()
    paid = make_order(member=member, paid=True)
    waiting = make_order(member=member, sku=make_stocked_sku(title_zh="龙井茶"))
    make_order()

    assert {o.number for o in orders_of(member.pk)} == {paid.number, waiting.number}
    assert [o.number for o in orders_of(member.pk, status="paid")] == [paid.number]
    assert [o.number for o in orders_of(member.pk, status="to_ship")] == [paid.number]
    assert [o.number for o in orders_of(member.pk, q="龙井")] == [waiting.number]
    assert [o.number for o in orders_of(member.pk, q=paid.number.lower())] == [paid.number]
    assert list(orders_of(member.pk, q="%")) == []
    assert order_counts(member.pk) == {"unpaid": 1, "paid": 1, "shipped": 0, "to_review": 0}
