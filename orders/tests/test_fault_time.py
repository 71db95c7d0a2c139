"""Clocks that disagree, jump back, or strike in the middle of a request (F-41, F-45, F-46)."""

from datetime import timedelta

import pytest

from inventory.models import StockItem, StockMovement
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.models import GrowthEntry
from members.testing import make_address, make_member
from orders.errors import QuoteChanged
from orders.models import Order, OrderHistory
from orders.services import (
    Ask,
    Submission,
    Wanted,
    close_unpaid,
    place_order,
    quote,
    receive_due,
    ship_order,
)
from orders.testing import NOON, make_order, make_stocked_sku, pay
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db
HOUR, SKEW = timedelta(hours=1), timedelta(minutes=10)


def nothing_broken():
    return [(law.code, rows) for law, rows in audit() if rows and law.code != "INV-31"] == []


def test_F_41_a_server_ten_minutes_ahead_and_one_behind_sell_one_order():
    order = make_order(at=NOON + SKEW)

    assert close_unpaid(NOON - SKEW) == 0
    pay(order, at=NOON - SKEW)
    assert close_unpaid(NOON + SKEW + HOUR) == 0

    order.refresh_from_db()
    assert order.status == "paid"
    assert nothing_broken()


def test_F_45_a_clock_that_jumps_back_closes_nothing_twice():
    make_order(at=NOON, quantity=2)
    late = NOON + HOUR

    closed = [close_unpaid(at) for at in (late, late - HOUR, late, late + HOUR)]

    assert sum(closed) == 1
    assert StockItem.objects.get().reserved == 0
    assert StockMovement.objects.filter(kind="release").count() == 1
    assert OrderHistory.objects.filter(to_status=Order.Status.CLOSED).count() == 1
    assert nothing_broken()


def test_F_45_what_an_order_gives_is_given_once_when_the_clock_jumps_back():
    order = make_order(at=NOON)
    pay(order, at=NOON)
    ship_order(order_number=order.number, carrier="sf", tracking_no="SF100200300", at=NOON)
    late = NOON + timedelta(days=20)

    received = [receive_due(at) for at in (late, late - HOUR, late)]
    for at in (late, late - HOUR, late):
        relay_batch(at)

    assert received == [1, 0, 0]
    assert GrowthEntry.objects.filter(member=order.member).count() == 1
    assert nothing_broken()


def test_F_46_a_campaign_that_ends_between_quote_and_order_is_told_before_anything_is_ordered():
    ends_at = NOON + HOUR
    make_threshold_off(ends_at=ends_at)
    sku = make_stocked_sku(price_fen=40_000)
    address = make_address(member=make_member())
    wanted = (Wanted(sku.pk, 1),)
    last = ends_at - timedelta(microseconds=1)

    def shown(at):
        ask = Ask(wanted=wanted, region_code=address.region_code)
        return quote(ask=ask, member_id=address.member_id, at=at)

    def order(seen, at):
        submission = Submission(address_id=address.pk, wanted=wanted, quote_hash=seen.quote_hash)
        return place_order(member_id=address.member_id, submission=submission, at=at)

    before, after = shown(last), shown(ends_at)
    assert after.quote.payable_fen - before.quote.payable_fen == 5_000

    with pytest.raises(QuoteChanged):
        order(before, ends_at)
    assert not Order.objects.exists()
    assert order(before, last).payable_fen == before.quote.payable_fen
    assert order(after, ends_at).payable_fen == after.quote.payable_fen
