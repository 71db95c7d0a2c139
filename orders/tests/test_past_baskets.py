"""Past orders as baskets: frozen prices, the tier of then, coupons, imports, constant queries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import Sku
from mall.kernel.testing.queries import count_queries
from members.services import add_growth
from members.testing import make_member
from orders.models import Order, OrderLine
from orders.selectors import past_baskets, past_span, with_history_then
from orders.services import Wanted, cancel_order
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku
from promotions import engine
from promotions.loading import rules_for
from promotions.models import Coupon
from promotions.testing import make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SINCE, UNTIL = NOON - DAY, NOON + DAY


def baskets(**window):
    chunks = past_baskets(**{"since": SINCE, "until": UNTIL, **window})
    return [past for chunk in chunks for past in chunk.baskets]


def test_a_past_basket_keeps_the_prices_of_its_day_when_the_sku_costs_more_now():
    sku = make_stocked_sku(price_fen=8_000, list_price_fen=10_000)
    make_order(sku=sku, quantity=3, paid=True)

    Sku.objects.filter(pk=sku.pk).update(price_fen=30_000, list_price_fen=30_000)

    (past,) = baskets()
    (line,) = past.basket.lines
    assert (line.sku_id, line.quantity) == (sku.pk, 3)
    assert (line.list_fen, line.price_fen) == (10_000, 8_000)


def test_the_tier_is_that_of_the_moment_not_of_today():
    member = make_member(at=NOON - DAY)
    make_order(member=member, paid=True)
    add_growth(
        member_id=member.pk,
        delta_fen=10**8,
        kind="manual",
        source_type="test",
        source_id="later",
        at=NOON + timedelta(hours=1),
    )
    make_order(member=member, paid=True, at=NOON + timedelta(hours=2))

    assert [past.shopper.tier_code for past in baskets()] == ["normal", "diamond"]


def test_a_replayed_order_costs_what_it_cost_step_by_step():
    member = make_member(tier="gold", points=5_000, at=NOON - DAY)
    first, second = make_stocked_sku(price_fen=12_000), make_stocked_sku(price_fen=20_000)
    make_sale(prices={first.pk: 11_000})
    make_threshold_off(steps=((30_000, 5_000),))
    grant = make_grant(member=member, coupon=make_coupon(off_fen=700), at=NOON)
    order = make_order(
        member=member,
        wanted=(Wanted(first.pk, 1), Wanted(second.pk, 2)),
        coupon_grant_ids=(grant.pk,),
        points=1_000,
        paid=True,
    )

    (past,) = baskets()
    rules = rules_for(lines=past.basket.lines, shopper=None, at=past.at)
    points = replace(rules.points, earn_bp=past.points_rate_bp)
    quote = engine.price(past.basket, past.shopper, replace(rules, points=points), past.at)

    assert quote.payable_fen == order.payable_fen
    assert engine.quote_hash(quote) == order.quote_hash
    assert quote.points.earned == order.points_earned


def test_orders_never_paid_are_no_past():
    member = make_member()
    make_order(member=member)
    closed = make_order(member=member)
    cancel_order(number=closed.number, member_id=member.pk, reason="", at=NOON)

    assert baskets() == []
    assert past_span(SINCE, UNTIL).orders == 0


def test_the_window_is_half_open():
    make_order(paid=True, at=NOON)

    assert baskets(since=NOON, until=NOON + DAY) != []
    assert baskets(since=NOON - DAY, until=NOON) == []


def test_imported_orders_are_replayed_where_they_have_skus():
    sku = make_stocked_sku()
    order = Order.objects.create(
        number="I1",
        source=Order.Source.IMPORT,
        status=Order.Status.COMPLETED,
        placed_at=NOON,
        paid_at=NOON,
        goods_fen=1_901,
        payable_fen=1_901,
        paid_fen=1_901,
    )
    lines = ((sku, 2, 1_001), (sku, 1, 400), (None, 5, 500))
    for position, (own, quantity, list_fen) in enumerate(lines, 1):
        OrderLine.objects.create(
            order=order,
            position=position,
            sku=own,
            sku_code="X",
            title_zh="X",
            quantity=quantity,
            list_fen=list_fen,
            payable_fen=list_fen,
        )

    (past,) = baskets()
    (line,) = past.basket.lines
    assert (line.quantity, line.list_fen) == (3, 467)  # 501 x 2 and 400 at their average
    assert past.shopper == engine.GUEST
    assert past.basket.region_code is None
    assert past_span(SINCE, UNTIL).lines_without_sku == 1


def test_chunks_follow_one_another_without_gap_or_repeat():
    numbers = [make_order(paid=True).number for _n in range(5)]  # all at one instant

    chunks = list(past_baskets(SINCE, UNTIL, size=2))

    assert [chunk.orders for chunk in chunks] == [2, 2, 1]
    assert [past.number for chunk in chunks for past in chunk.baskets] == numbers


def test_a_chunk_asks_as_much_for_two_orders_as_for_twelve():
    sku = make_stocked_sku(on_hand=500)
    Coupon.objects.all().delete()
    for _n in range(2):
        make_order(sku=sku, paid=True)
    with count_queries() as two:
        assert len(baskets()) == 2

    for _n in range(10):
        make_order(sku=sku, paid=True)
    with count_queries(at_most=8) as twelve:
        assert len(baskets()) == 12

    assert len(two) == len(twelve)


def test_a_shopper_is_remembered_as_they_were_when_a_rule_asks():
    member = make_member()
    for hours in range(3):
        order = make_received_order(member=member, at=NOON + timedelta(hours=4 * hours))
    others = make_order(paid=True, at=NOON + timedelta(hours=9))
    (chunk,) = past_baskets(SINCE, UNTIL)
    loyal = engine.Rules(promotions=(engine.LoyalRate(rule_id=1, rate_bp=9_000),))

    with count_queries(at_most=0):
        assert with_history_then(chunk.baskets, engine.NO_RULES) == chunk.baskets
    with count_queries(at_most=1):
        then = [past.shopper for past in with_history_then(chunk.baskets, loyal)]

    assert [shopper.completed_orders for shopper in then] == [0, 1, 2, 0]
    assert [shopper.paid_orders for shopper in then] == [0, 1, 2, 0]
    assert [shopper.spent_fen for shopper in then] == [0, *(n * order.paid_fen for n in (1, 2)), 0]
    assert chunk.baskets[3].number == others.number
