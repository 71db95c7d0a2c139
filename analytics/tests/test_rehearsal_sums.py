"""The sums of a rehearsal on paper: two runs compared, verdicts, what a replay lets go of."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from analytics.rehearsal import BelowCost, Comparison, Goods, Replayed, Tried, judge, replay
from promotions import engine
from promotions.engine import Basket, Line, Rules, Sale, Scope, Shopper, ThresholdOff

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
OFF = ThresholdOff(rule_id=1, steps=((30_000, 5_000),), title_zh="满减", title_en="Off")
SALE = Sale(rule_id=2, prices={1: 9_000}, scope=Scope.of(skus=(1,)))
GOODS = {sku: Goods(f"S{sku}", 6_000) for sku in range(1, 5)}


def line(sku: int, quantity: int = 1, price_fen: int = 10_000) -> Line:
    return Line(str(sku), sku, sku, (1,), None, quantity, price_fen, price_fen)


def compared(baskets, tried) -> Comparison:
    keys = frozenset((rule.kind, rule.rule_id) for rule in tried)
    comparison = Comparison(keys, GOODS)
    for basket in baskets:
        runs = [replay(basket, engine.GUEST, Rules(promotions=r), AT) for r in ((), tuple(tried))]
        comparison.add(*runs)
    return comparison


def codes(comparison: Comparison, tried: Tried, days: int = 30) -> dict[str, str]:
    return {v.code: v.level for v in judge(comparison, {1: tried}, days)[1]}


def test_a_rule_costs_what_it_took_off_the_orders_it_changed():
    baskets = [Basket((line(1, 2),)), Basket((line(1, 4),)), Basket((line(2, 3), line(3, 1)))]

    comparison = compared(baskets, [OFF])

    assert (comparison.orders, comparison.affected) == (3, 2)
    assert comparison.cost_of(1) == 10_000
    assert comparison.before.gmv_fen - comparison.after.gmv_fen == 10_000
    assert comparison.affected_before.goods_fen == 80_000


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9)), min_size=1, max_size=4),
        max_size=12,
    )
)
def test_what_is_given_more_is_taken_less_and_nothing_else(orders):
    baskets = [
        Basket(tuple(line(sku, quantity) for sku, quantity in dict(rows).items()))
        for rows in orders
    ]

    comparison = compared(baskets, [OFF, SALE])

    given_fen = comparison.after.discount_fen - comparison.before.discount_fen
    assert given_fen == comparison.before.goods_fen - comparison.after.goods_fen
    assert given_fen == comparison.before.margin_fen - comparison.after.margin_fen
    assert given_fen == comparison.cost_of(1) + comparison.cost_of(2)
    assert comparison.affected <= comparison.orders == len(baskets)


def test_only_losses_that_the_tried_rules_bring_are_named():
    cheap = Sale(rule_id=2, prices={1: 5_000}, scope=Scope.of(skus=(1,)))
    comparison = compared([Basket((line(1, 3), line(2, 1, price_fen=4_000)))], [cheap])

    assert comparison.worst_losses() == [BelowCost(1, "S1", lines=1, pieces=3, loss_fen=3_000)]
    assert comparison.below_cost_before == 1


def test_points_are_a_way_to_pay_and_no_loss():
    shopper = Shopper(member_id=1, points=10_000)
    basket = Basket((line(1),), points=5_000)
    run = replay(basket, shopper, Rules(), AT)
    comparison = Comparison(frozenset(), GOODS)

    comparison.add(run, run)

    assert comparison.after.gmv_fen == 5_000
    assert comparison.after.margin_fen == 4_000
    assert not comparison.below_cost


def test_a_budget_is_held_against_the_days_it_runs():
    comparison = compared([Basket((line(1, 4),))], [OFF])  # ¥50 in 30 days

    assert codes(comparison, Tried(left_fen=9_999, days=60))["over_budget"] == "red"
    assert codes(comparison, Tried(left_fen=10_000, days=60)) == {
        "within_budget": "green",
        "in_order": "green",
    }
    assert codes(comparison, Tried(left_fen=None, days=60)) == {"in_order": "green"}


def test_an_activity_is_said_not_to_be_replayed_and_its_prices_are_held_against_cost():
    tried = Tried(None, 1, is_activity=True, losses=(BelowCost(1, "S1", loss_fen=5),))

    found = codes(compared([Basket((line(1),))], []), tried)

    assert found["priced_below_cost"] == "red"
    assert found["activity_not_replayed"] == "amber"


def test_a_coupon_that_no_longer_holds_is_left_out_and_counted():
    coupon = engine.CouponAmount(rule_id=7, coupon_id=7, off_fen=500, threshold_fen=10_000)
    basket = Basket((line(1),), coupons=(coupon,))
    before, after = (
        replay(basket, engine.GUEST, Rules(promotions=rules), AT) for rules in ((), (SALE,))
    )
    comparison = Comparison(frozenset(), GOODS)

    comparison.add(before, after)

    assert before is not None
    assert before.quote.payable_fen == 9_500
    assert after is not None
    assert after.quote.payable_fen == 9_000
    assert comparison.lost_coupons == 1
    assert codes(comparison, Tried(None, 1))["coupons_lost"] == "amber"


def test_points_above_the_cap_are_cut_to_it():
    shopper = Shopper(member_id=1, points=10_000)

    run = replay(Basket((line(1),), points=5_000), shopper, Rules(promotions=(SALE,)), AT)

    assert run is not None
    assert run.quote.points.used == 4_500


def test_an_order_of_an_activity_that_is_gone_is_skipped_and_said():
    offered = replace(line(1), offer=engine.Offer("flash", 9))
    comparison = Comparison(frozenset(), GOODS)

    comparison.add(replay(Basket((offered,)), engine.GUEST, Rules(), AT), None)

    assert (comparison.orders, comparison.skipped) == (0, 1)
    assert codes(comparison, Tried(None, 1))["not_replayed"] == "amber"


def test_freight_stays_open_where_parcels_do_not_go_any_more():
    template = engine.FreightTemplate(1, engine.FreightRate(1000, 500, 1000, 100), {"65": None})
    sent = replace(line(1), template_id=1, weight_grams=100)

    run = replay(
        Basket((sent,), region_code="650102001"), engine.GUEST, Rules(templates={1: template}), AT
    )

    assert isinstance(run, Replayed)
    assert run.quote.region_code is None
