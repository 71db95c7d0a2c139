"""Lane 5 and the wallet: thresholds, caps, exclusive groups, verdicts, the best coupon."""

from datetime import timedelta

import pytest

from promotions.engine import (
    COUPON_KINDS,
    Basket,
    CouponAmount,
    CouponExchange,
    CouponFreight,
    CouponRate,
    CouponRefused,
    FreeFreight,
    Lane,
    Rules,
    Sale,
    Scope,
    Shopper,
    ThresholdOff,
    best_coupons,
    judge_coupons,
    price,
    settle,
)
from promotions.tests.engine_builders import GOLD, NOON, ORDINARY, PARCEL, line, quote, taken

TEN_FROM_100 = CouponAmount(rule_id=1, coupon_id=10, off_fen=1_000, threshold_fen=10_000)
TEN = CouponAmount(rule_id=2, coupon_id=20, off_fen=1_000)
RATE = CouponRate(rule_id=3, coupon_id=30, rate_bp=8_000, cap_fen=3_000)
SHIPPING = CouponFreight(rule_id=4, coupon_id=40, group="freight")
SENT = Rules(templates={1: PARCEL})
MISSING = {"missing_fen": 100, "threshold_fen": 10_000}


def refused(*lines, **facts):
    with pytest.raises(CouponRefused) as caught:
        quote(*lines, **facts)
    return caught.value.grant_id, caught.value.reason_code


def test_100_less_10_needs_100():
    with pytest.raises(CouponRefused) as caught:
        quote(line(fen=9_900), coupons=(TEN_FROM_100,))

    assert caught.value.facts == {
        "grant_id": 1,
        "reason_code": "threshold_not_reached",
        **MISSING,
    }
    assert quote(line(fen=10_000), coupons=(TEN_FROM_100,)).payable_fen == 9_000


def test_a_coupon_without_threshold_takes_at_most_the_goods():
    assert quote(line(fen=1_001), coupons=(TEN,)).payable_fen == 1
    assert quote(line(fen=500), coupons=(TEN,)).payable_fen == 0


@pytest.mark.parametrize(("fen", "off"), [(10_000, 2_000), (15_000, 3_000), (90_000, 3_000)])
def test_a_rate_coupon_stops_at_its_cap(fen, off):
    assert quote(line(fen=fen), coupons=(RATE,)).discount_fen == off


def test_a_coupon_sees_what_the_lanes_before_left():
    rule = ThresholdOff(rule_id=1, steps=((10_000, 500),))

    assert refused(line(fen=10_400), promotions=(rule,), coupons=(TEN_FROM_100,)) == (
        1,
        "threshold_not_reached",
    )
    priced = quote(line(fen=20_000), shopper=GOLD, promotions=(rule,), coupons=(RATE,))
    assert taken(priced, "a")[-1] == ("coupon_rate", 3_000)
    assert priced.payable_fen == 18_525 - 3_000


def test_a_coupon_is_split_over_its_own_lines_and_names_its_grant():
    coupon = CouponAmount(rule_id=9, coupon_id=1, off_fen=100, scope=Scope.of(products=[5]))

    priced = quote(
        line("a"), line("b", 200, product_id=5), line("c", 100, product_id=5), coupons=(coupon,)
    )

    assert (taken(priced, "a"), taken(priced, "b"), taken(priced, "c")) == (
        [],
        [("coupon_amount", 67)],
        [("coupon_amount", 33)],
    )
    (step,) = priced.lines[1].steps
    assert (step.source_id, step.label_params["coupon_id"]) == (9, 1)
    assert priced.coupon_grant_ids == (9,)


def test_two_coupons_of_one_group_are_refused_together():
    assert refused(line(), coupons=(TEN, RATE)) == (3, "exclusive_group")


def test_coupons_of_different_groups_each_take_their_own_lines():
    brand = CouponAmount(
        rule_id=8, coupon_id=1, off_fen=2_000, scope=Scope.of(brands=[2]), group="brand"
    )

    priced = quote(line("a"), line("b", brand_id=2), coupons=(TEN, brand))

    assert taken(priced, "a") == [("coupon_amount", 1_000)]
    assert taken(priced, "b") == [("coupon_amount", 2_000)]


def test_a_second_coupon_left_without_lines_is_refused_not_burnt():
    brand = CouponAmount(rule_id=8, coupon_id=1, off_fen=2_000, group="brand")

    assert refused(line("a"), coupons=(TEN, brand)) == (2, "better_rule_chosen")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"starts_at": NOON + timedelta(seconds=1)}, "not_started"),
        ({"ends_at": NOON}, "ended"),
        ({"tier_codes": frozenset({"diamond"})}, "tier_not_met"),
        ({"scope": Scope.of(skus=[0])}, "out_of_scope"),
    ],
)
def test_an_unusable_coupon_says_why(facts, reason):
    coupon = CouponAmount(rule_id=5, coupon_id=1, off_fen=1, **facts)

    assert refused(line(), coupons=(coupon,)) == (5, reason)


def test_lines_shut_for_coupons_do_not_count():
    sale = Sale(rule_id=1, rate_bp=5_000, excludes=frozenset({Lane.COUPON}))

    assert refused(line(), promotions=(sale,), coupons=(TEN,)) == (2, "stacking_excluded")


def test_a_freight_coupon_takes_the_freight():
    priced = quote(line(template_id=1), rules=SENT, region_code="110101", coupons=(SHIPPING,))

    assert (priced.freight.base_fen, priced.freight_fen, priced.freight.reason) == (500, 0, "free")
    assert priced.freight.steps[0].source_id == 4


def test_a_freight_coupon_stops_at_its_cap():
    capped = CouponFreight(rule_id=4, coupon_id=1, cap_fen=300)

    priced = quote(line(template_id=1), rules=SENT, region_code="110101", coupons=(capped,))

    assert priced.freight_fen == 200


def test_a_freight_coupon_is_not_burnt_where_freight_is_free_already():
    diamond = Shopper(tier_code="diamond", tier_free_freight_fen=0)

    assert refused(
        line(template_id=1), shopper=diamond, rules=SENT, region_code="110101", coupons=(SHIPPING,)
    ) == (4, "nothing_to_reduce")


def test_a_freight_coupon_below_its_threshold_is_refused():
    coupon = CouponFreight(rule_id=4, coupon_id=1, threshold_fen=10_001)

    assert refused(line(template_id=1), rules=SENT, region_code="110101", coupons=(coupon,)) == (
        4,
        "threshold_not_reached",
    )


def test_a_freight_coupon_waits_for_the_address():
    priced = quote(line(template_id=1), rules=SENT, coupons=(SHIPPING,))

    assert (priced.freight.reason, priced.freight_fen) == ("region_needed", 0)


def test_a_wallet_is_judged_coupon_by_coupon():
    late = CouponAmount(rule_id=6, coupon_id=1, off_fen=1, ends_at=NOON)
    basket = Basket((line(fen=9_900, template_id=1),), "110101")
    settlement = settle(basket, ORDINARY, SENT, NOON)

    verdicts = judge_coupons(settlement, (TEN_FROM_100, TEN, RATE, SHIPPING, late))

    assert [(v.usable, v.reason, v.off_fen) for v in verdicts] == [
        (False, "threshold_not_reached", 0),
        (True, None, 1_000),
        (True, None, 1_980),
        (True, None, 500),
        (False, "ended", 0),
    ]
    assert verdicts[0].facts == MISSING


def test_judging_looks_past_the_coupons_already_chosen():
    settlement = settle(Basket((line(),), coupons=(RATE,)), ORDINARY, Rules(), NOON)

    (verdict,) = judge_coupons(settlement, (TEN_FROM_100,))

    assert (verdict.usable, verdict.off_fen) == (True, 1_000)


def test_the_best_coupon_counts_the_freight_it_costs():
    free = FreeFreight(rule_id=1, threshold_fen=9_000)
    rules = Rules(promotions=(free,), templates={1: PARCEL})
    larger = CouponAmount(rule_id=5, coupon_id=1, off_fen=1_100)
    settlement = settle(Basket((line(template_id=1),), "110101"), ORDINARY, rules, NOON)

    best = best_coupons(settlement, (larger, TEN))

    assert (best.coupons, best.payable_fen) == ((TEN,), 9_000)


def test_the_best_coupon_is_the_one_of_the_cheapest_quote():
    wallet = (TEN_FROM_100, TEN, RATE, CouponRate(rule_id=7, coupon_id=1, rate_bp=7_900))
    basket = Basket((line(fen=12_000),))
    settlement = settle(basket, GOLD, Rules(), NOON)

    def payable(coupon):
        return price(Basket(basket.lines, coupons=(coupon,)), GOLD, Rules(), NOON).payable_fen

    assert best_coupons(settlement, wallet).coupons == (min(wallet, key=payable),)


def test_no_coupon_is_best_when_none_helps():
    settlement = settle(Basket((line(fen=9_900),)), ORDINARY, Rules(), NOON)

    assert best_coupons(settlement, (TEN_FROM_100, SHIPPING)).coupons == ()


def test_coupon_templates_find_their_rule_by_kind():
    assert dict(COUPON_KINDS) == {
        "amount": CouponAmount,
        "rate": CouponRate,
        "free_freight": CouponFreight,
        "exchange": CouponExchange,
    }
