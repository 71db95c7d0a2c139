"""Ordering at the price that friends have cut. Row P-34."""

from datetime import timedelta

import pytest

from mall.kernel.errors import NotFound
from mall.kernel.invariants import audit
from members.testing import make_member
from orders.errors import OfferRefused
from orders.models import Order
from orders.services import Wanted, cancel_order, close_order
from orders.testing import NOON, make_order, make_stocked_sku, pay
from promotions import engine
from promotions.errors import BargainOver, OfferLimitReached
from promotions.models import ActivityItem, BargainStart
from promotions.selectors import offer_of_start
from promotions.services import OfferLine, help_bargain, hold_offer, start_bargain
from promotions.testing import make_bargain

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def sku():
    return make_stocked_sku(price_fen=10_000)


@pytest.fixture
def start(sku):
    """A bargain from ¥80 down to ¥50 by two friends, the first of whom has cut ¥7."""
    campaign = make_bargain(sku, helps=2)
    start = start_bargain(
        campaign_id=campaign.pk, sku_id=sku.pk, member_id=make_member().pk, at=NOON
    )
    cut(start, below=lambda _n: 699)
    return start


def cut(start, **values):
    helper = make_member()
    help_bargain(number=start.number, helper_id=helper.pk, at=NOON, **values)
    start.refresh_from_db()


def order_of(start, *, member=None, quantity=1, at=NOON):
    offer = engine.Offer("bargain", start.item.campaign_id, start.number)
    wanted = (Wanted(start.item.sku_id, quantity, offer),)
    return make_order(member=member or start.member, wanted=wanted, at=at)


def state_of(start):
    start.refresh_from_db()
    return start.state


def goods_fen(order):
    return order.payable_fen - order.freight_fen


def test_P_34_it_is_bought_at_the_price_cut_so_far(start):
    order = order_of(start)

    assert (goods_fen(order), state_of(start)) == (7_300, "ordered")
    step = order.lines.get().steps.get()
    assert (step.lane, step.kind, step.amount_fen) == ("unit_price", "bargain", 2_700)

    pay(order)

    assert (Order.objects.get().status, Order.objects.get().stage) == ("paid", "to_pack")
    assert state_of(start) == "bought"
    assert not any(found for _invariant, found in audit())


def test_after_the_last_cut_it_costs_the_floor(start):
    cut(start)

    assert goods_fen(order_of(start)) == 5_000


def test_nobody_helps_with_what_is_ordered(start):
    order_of(start)

    with pytest.raises(BargainOver):
        cut(start)
    assert start.helps == 1


def test_somebody_elses_bargain_has_no_price_and_no_piece(start):
    stranger = make_member()

    with pytest.raises(NotFound):
        offer_of_start(start.number, stranger.pk)
    with pytest.raises(OfferRefused):
        order_of(start, member=stranger)
    with pytest.raises(NotFound):
        hold_offer(
            order_number="forged",
            member_id=stranger.pk,
            line=OfferLine(start.item.campaign_id, start.item.sku_id, 1, start.number),
            at=NOON,
        )

    assert state_of(start) == "cutting"
    assert ActivityItem.objects.get().taken == 0
    assert not Order.objects.exists()


def test_a_bargain_buys_one_piece(start):
    ActivityItem.objects.update(per_member=5)

    with pytest.raises(OfferLimitReached):
        order_of(start, quantity=2)

    assert state_of(start) == "cutting"


def test_a_bargain_is_ordered_once(start):
    ActivityItem.objects.update(per_member=5)
    order_of(start)

    with pytest.raises(OfferRefused):
        order_of(start)

    assert Order.objects.count() == 1


def test_closing_the_unpaid_order_lets_the_bargain_go_on(start):
    order = order_of(start)

    close_order(order_id=order.pk, reason="timeout", at=LATER)

    assert state_of(start) == "cutting"
    cut(start)
    assert goods_fen(order_of(start, at=LATER)) == 5_000
    assert not any(found for _invariant, found in audit())


def test_cancelling_the_paid_order_ends_the_bargain(start):
    order = order_of(start)
    pay(order)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=LATER)

    assert state_of(start) == "over"
    assert ActivityItem.objects.get().taken == 0
    again = start_bargain(
        campaign_id=start.item.campaign_id,
        sku_id=start.item.sku_id,
        member_id=start.member_id,
        at=LATER,
    )
    assert again.pk != start.pk
    assert not any(found for _invariant, found in audit())


def test_who_has_bought_as_many_as_one_may_begins_no_more(start):
    pay(order_of(start))

    with pytest.raises(OfferLimitReached):
        start_bargain(
            campaign_id=start.item.campaign_id,
            sku_id=start.item.sku_id,
            member_id=start.member_id,
            at=LATER,
        )
    assert BargainStart.objects.count() == 1


def test_when_time_is_over_it_has_no_price(start):
    with pytest.raises(OfferRefused):
        order_of(start, at=NOON + timedelta(days=1))

    assert not Order.objects.exists()
