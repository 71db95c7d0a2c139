"""The requirement rows of the price engine, by their own numbers. Gifts, activities and the best
coupons have files of their own (P-08, P-28, P-29, P-30, O-07)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promotions.engine import (
    Basket,
    BundlePrice,
    CouponAmount,
    CouponExchange,
    CouponFreight,
    CouponRate,
    CouponRefused,
    EveryOff,
    Lane,
    LoyalRate,
    MemberDay,
    MemberPrice,
    PiecesRate,
    QuantityPrice,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    ThresholdRate,
    judge_coupons,
    near_offers,
    settle,
    why_not,
)
from promotions.tests.engine_builders import GOLD, NOON, ORDINARY, PARCEL, line, quote, taken

A = ord("a")
STEPPED = ThresholdOff(rule_id=8, steps=((20_000, 2_000), (30_000, 5_000)))
FIFTY_OFF = ThresholdOff(rule_id=7, steps=((30_000, 5_000),))
DIAMOND = Shopper(member_id=4, tier_code="diamond", tier_free_freight_fen=0)
EIGHTH = datetime(2026, 12, 8, 4, tzinfo=UTC)


def settled(*lines, promotions=(), shopper=ORDINARY, at=NOON, **basket):
    return settle(Basket(tuple(lines), **basket), shopper, Rules(tuple(promotions)), at)


def refused(*lines, **facts):
    with pytest.raises(CouponRefused) as caught:
        quote(*lines, **facts)
    return caught.value


def test_P_01_100_less_10_is_unusable_at_99_with_the_reason_and_takes_10_at_100():
    coupon = CouponAmount(rule_id=1, coupon_id=1, threshold_fen=10_000, off_fen=1_000)

    (verdict,) = judge_coupons(settled(line(fen=9_900)), [coupon])

    assert (verdict.usable, verdict.reason) == (False, "threshold_not_reached")
    assert verdict.facts == {"missing_fen": 100, "threshold_fen": 10_000}
    assert quote(line(fen=10_000), coupons=(coupon,)).payable_fen == 9_000


@pytest.mark.parametrize(
    ("coupon", "payable_fen"),
    [
        (CouponAmount(rule_id=1, coupon_id=1, threshold_fen=10_000, off_fen=1_000), 19_500),
        (CouponRate(rule_id=1, coupon_id=1, rate_bp=8_000), 16_500),
        (CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000), 19_500),
        (CouponFreight(rule_id=1, coupon_id=1), 20_000),
        (CouponExchange(rule_id=1, coupon_id=1, scope=Scope.of(skus=[A]), price_fen=100), 10_600),
    ],
)
def test_P_01_each_of_the_five_kinds_of_coupon(coupon, payable_fen):
    rules = Rules(templates={1: replace(PARCEL, regions={})})
    goods = line(quantity=2, weight_grams=100, template_id=1)

    priced = quote(goods, rules=rules, region_code="110101", coupons=(coupon,))

    assert priced.payable_fen == payable_fen


def test_P_01_a_coupon_for_a_tier_is_refused_to_others():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1, tier_codes=frozenset({"gold"}))

    assert refused(line(), coupons=(coupon,)).reason_code == "tier_not_met"
    assert quote(line(), shopper=GOLD, coupons=(coupon,)).discount_fen == 501


def test_P_03_a_coupon_of_10_without_threshold_leaves_1_fen_of_10_01_and_never_less_than_nothing():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000)

    assert quote(line(fen=1_001), coupons=(coupon,)).payable_fen == 1
    assert quote(line(fen=999), coupons=(coupon,)).payable_fen == 0


def test_P_04_the_first_order_of_50_pays_40_and_the_second_has_no_offer():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000, first_order=True)
    bought_before = replace(ORDINARY, paid_orders=1)

    assert quote(line(fen=5_000), coupons=(coupon,)).payable_fen == 4_000
    again = refused(line(fen=5_000), shopper=bought_before, coupons=(coupon,))
    assert again.reason_code == "not_first_order"


def test_P_18_a_sale_begins_and_ends_by_the_clock_alone():
    hour, sale = timedelta(hours=1), Sale(rule_id=1, rate_bp=8_000)
    sale = replace(sale, starts_at=NOON, ends_at=NOON + hour)

    def unit(at):
        return quote(line(), promotions=(sale,), at=at).payable_fen

    assert [unit(NOON - timedelta(seconds=1)), unit(NOON)] == [10_000, 8_000]
    assert [unit(NOON + hour - timedelta(seconds=1)), unit(NOON + hour)] == [8_000, 10_000]


@pytest.mark.parametrize(("spent", "off"), [(299, 20), (300, 50), (199, 0), (200, 20)])
def test_P_23_steps_200_less_20_and_300_less_50(spent, off):
    assert quote(line(fen=spent * 100), promotions=(STEPPED,)).discount_fen == off * 100


def test_P_23_the_threshold_is_reached_across_categories():
    tea = line("b", 10_000, category_path=(1, 12))

    assert quote(line("a", 20_000), tea, promotions=(FIFTY_OFF,)).discount_fen == 5_000


@pytest.mark.parametrize(("spent", "off"), [(19_999, 0), (20_000, 2_000), (30_000, 6_000)])
def test_P_23_steps_may_be_rates(spent, off):
    rule = ThresholdRate(rule_id=1, steps=((30_000, 8_000), (20_000, 9_000)))

    assert quote(line(fen=spent), promotions=(rule,)).discount_fen == off


def test_P_23_a_rate_step_stops_at_its_cap_and_names_its_base():
    rule = ThresholdRate(rule_id=1, steps=((20_000, 9_000),), cap_fen=2_500)

    (step,) = quote(line(fen=50_000), promotions=(rule,)).lines[0].steps

    assert step.amount_fen == 2_500
    assert (step.label_params["rate_bp"], step.label_params["base_fen"]) == (9_000, 50_000)


@pytest.mark.parametrize(("spent", "off"), [(99, 0), (100, 10), (250, 20), (900, 50)])
def test_P_23_for_every_100_10_off_up_to_50(spent, off):
    rule = EveryOff(rule_id=1, every_fen=10_000, off_fen=1_000, cap_fen=5_000)

    assert quote(line(fen=spent * 100), promotions=(rule,)).discount_fen == off * 100


def test_P_24_lines_of_two_suppliers_reach_the_threshold_and_share_the_reduction():
    one, other = line("a", 20_000, brand_id=1), line("b", 10_000, brand_id=2)

    priced = quote(one, other, promotions=(FIFTY_OFF,))

    assert taken(priced, "a") == [("threshold_off", 3_333)]
    assert taken(priced, "b") == [("threshold_off", 1_667)]


@pytest.mark.parametrize(("pieces", "payable"), [(2, 20_000), (3, 24_000), (4, 32_000)])
def test_P_25_80_percent_applies_at_the_third_piece(pieces, payable):
    rule = PiecesRate(rule_id=1, steps=((3, 8_000),))

    assert quote(line(quantity=pieces), promotions=(rule,)).payable_fen == payable


def test_P_25_pieces_of_different_articles_count_together_and_more_pieces_cost_less():
    rule = PiecesRate(rule_id=1, steps=((2, 9_000), (3, 8_000)))
    articles = [line(key) for key in "abc"]

    assert quote(*articles[:2], promotions=(rule,)).payable_fen == 18_000
    assert quote(*articles, promotions=(rule,)).payable_fen == 24_000


@pytest.mark.parametrize(("pieces", "payable"), [(2, 1_500), (3, 2_500)])
def test_P_26_second_piece_at_half_price(pieces, payable):
    priced = quote(line(fen=1_000, quantity=pieces), promotions=(SecondHalfPrice(rule_id=1),))

    assert priced.payable_fen == payable


def test_P_27_main_and_accessory_cost_the_bundle_price_and_one_alone_its_own():
    bundle = BundlePrice(rule_id=1, pieces={A: 1, ord("b"): 1}, price_fen=10_900)
    phone, case = line("a", 10_000), line("b", 2_000)

    both = quote(phone, case, promotions=(bundle,))

    assert both.payable_fen == 10_900
    assert sum(fen for key in "ab" for _, fen in taken(both, key)) == 1_100
    assert quote(phone, promotions=(bundle,)).payable_fen == 10_000
    assert quote(case, promotions=(bundle,)).payable_fen == 2_000


@pytest.mark.parametrize(("most", "payable"), [(None, 3 * 10_900), (1, 10_900 + 2 * 12_000)])
def test_P_27_pieces_beyond_whole_bundles_keep_their_price(most, payable):
    bundle = BundlePrice(rule_id=1, pieces={A: 1, ord("b"): 2}, price_fen=10_900, most=most)

    priced = quote(line("a", 10_000, 4), line("b", 1_000, 6), promotions=(bundle,))

    assert priced.payable_fen == payable + 10_000


def test_P_27_a_bundle_dearer_than_its_pieces_changes_nothing():
    bundle = BundlePrice(rule_id=1, pieces={A: 1}, price_fen=10_000)

    assert quote(line(), promotions=(bundle,)).lines[0].steps == ()


def test_P_36_an_ordinary_member_sees_the_gold_price_and_pays_the_ordinary_one():
    gold_price = MemberPrice(rule_id=3, prices={A: 8_500}, tier_codes=frozenset({"gold"}))
    basket = settled(line(), promotions=[gold_price])

    (answer,) = why_not(basket)

    assert basket.quote.payable_fen == 10_000
    assert (answer.reason, answer.facts) == ("tier_not_met", {"unit_fen": 8_500})


@pytest.mark.parametrize(
    ("shopper", "goods_fen", "freight_fen"),
    [(ORDINARY, 25_000, 500), (GOLD, 23_750, 500), (DIAMOND, 25_000, 0)],
)
def test_P_37_300_less_50_gold_at_95_and_diamond_without_freight(shopper, goods_fen, freight_fen):
    rules = Rules((FIFTY_OFF,), templates={1: PARCEL})

    priced = quote(
        line(fen=30_000, template_id=1), shopper=shopper, rules=rules, region_code="110101"
    )

    assert (priced.payable_fen - priced.freight_fen, priced.freight_fen) == (goods_fen, freight_fen)


def test_M_10_gold_settles_100_at_95():
    assert quote(line(fen=10_000), shopper=GOLD).payable_fen == 9_500


def test_M_18_500_spent_unlock_the_discount_and_less_shows_the_progress():
    loyal = LoyalRate(rule_id=1, rate_bp=9_000, threshold_fen=50_000)

    unlocked = settled(line(), promotions=[loyal], shopper=Shopper(spent_fen=50_000))
    not_yet = settled(line(), promotions=[loyal], shopper=Shopper(spent_fen=42_000))

    assert unlocked.quote.payable_fen == 9_000
    assert not_yet.quote.payable_fen == 10_000
    (answer,) = why_not(not_yet)
    assert answer.reason == "spent_too_little"
    assert answer.facts == {"missing_fen": 8_000, "threshold_fen": 50_000, "spent_fen": 42_000}


def test_M_45_the_price_falls_on_the_8th_and_is_normal_on_the_9th():
    day = MemberDay(rule_id=1, rate_bp=9_000)
    midnight = datetime(2026, 12, 7, 16, tzinfo=UTC)  # of the 8th in Shanghai

    def payable(at):
        return quote(line(), promotions=(day,), at=at).payable_fen

    assert [payable(midnight - timedelta(seconds=1)), payable(midnight)] == [10_000, 9_000]
    last = midnight + timedelta(days=1, seconds=-1)
    assert [payable(last), payable(last + timedelta(seconds=1))] == [9_000, 10_000]
    (answer,) = why_not(settled(line(), promotions=[day]))
    assert answer.reason == "not_today"


def test_M_45_the_best_of_member_day_and_tier_rate_counts_not_both():
    day = MemberDay(rule_id=1, rate_bp=9_000)

    assert quote(line(), shopper=GOLD, promotions=(day,), at=EIGHTH).payable_fen == 9_000
    weaker = replace(day, rate_bp=9_800)
    assert quote(line(), shopper=GOLD, promotions=(weaker,), at=EIGHTH).payable_fen == 9_500


def test_M_45_a_day_for_some_goods_leaves_the_tier_rate_to_the_others():
    day = MemberDay(rule_id=1, rate_bp=9_000, scope=Scope.of(skus=[ord("b")]))
    basket = (line("a", 50_000), line("b", 1_000))

    priced = quote(*basket, shopper=GOLD, promotions=(day,), at=EIGHTH)

    assert taken(priced, "a") == [("tier_rate", 2_500)]
    assert taken(priced, "b") == [("member_day", 100)]


def test_M_45_a_quote_holds_until_the_day_begins_or_ends():
    day = MemberDay(rule_id=1, rate_bp=9_000)
    before, after = (datetime(2026, 12, date, 15, 50, tzinfo=UTC) for date in (7, 8))

    for at in (before, after):
        priced = quote(line(), promotions=(day,), at=at)
        assert priced.valid_until == at + timedelta(minutes=10)
    always = MemberDay(rule_id=1, rate_bp=9_000, days=frozenset(range(1, 32)))
    assert always.next_change(before) is None


def test_M_46_a_new_customer_gets_no_discount_on_old_customers_day():
    day = LoyalRate(rule_id=1, rate_bp=9_000, min_orders=1, days=frozenset({8}))
    old = Shopper(member_id=1, completed_orders=1)

    assert quote(line(), shopper=old, promotions=(day,), at=EIGHTH).payable_fen == 9_000
    assert quote(line(), shopper=old, promotions=(day,)).payable_fen == 10_000
    new = settled(line(), promotions=[day], at=EIGHTH)
    assert new.quote.payable_fen == 10_000
    assert [answer.reason for answer in why_not(new)] == ["no_earlier_order"]


def test_C_30_from_10_pieces_on_each_costs_9_so_ten_cost_90():
    ladder = QuantityPrice(rule_id=1, ladders={A: ((1, 1_000), (10, 900))})

    ten = quote(line(fen=1_000, quantity=10), promotions=(ladder,))

    assert ten.payable_fen == 9_000
    assert ten.lines[0].steps[0].label_params["pieces"] == 10
    assert quote(line(fen=1_000, quantity=9), promotions=(ladder,)).payable_fen == 9_000


def test_C_30_pieces_over_two_lines_of_one_sku_count_together():
    ladder = QuantityPrice(rule_id=1, rates=((10, 9_000),))
    halves = (line("a", 1_000, 5, sku_id=A), line("b", 1_000, 5, sku_id=A))

    assert quote(*halves, promotions=(ladder,)).payable_fen == 9_000


def test_C_30_two_pieces_short_of_the_next_step_is_near_and_says_so():
    ladder = QuantityPrice(rule_id=1, ladders={A: ((10, 900),)})
    basket = settled(line(fen=1_000, quantity=8), promotions=[ladder])

    (offer,) = near_offers(basket)
    (answer,) = why_not(basket)

    assert (offer.kind, offer.missing_pieces, offer.missing_fen) == ("quantity_price", 2, 2_000)
    assert offer.off_fen == 1_000
    assert (answer.reason, answer.facts) == ("quantity_not_reached", {"missing_pieces": 2})


def test_C_31_gold_pays_the_gold_price_and_members_of_one_tier_pay_the_same():
    gold_price = MemberPrice(
        rule_id=3, prices={A: 8_500}, tier_codes=frozenset({"gold"}), title_zh="黄金价"
    )
    one = Shopper(member_id=3, tier_code="gold")
    other = Shopper(member_id=99, tier_code="gold", points=7, spent_fen=9_000_000)

    first, second = (
        quote(line(), shopper=member, promotions=(gold_price,)) for member in (one, other)
    )

    assert first.lines == second.lines
    assert first.payable_fen == 8_500
    assert first.lines[0].steps[0].label_params["title_zh"] == "黄金价"
    assert quote(line(), promotions=(gold_price,)).payable_fen == 10_000


def test_O_03_a_cart_of_280_is_20_short_of_50_off():
    (offer,) = near_offers(settled(line(fen=28_000), promotions=[FIFTY_OFF]))

    assert (offer.missing_fen, offer.off_fen) == (2_000, 5_000)


def test_O_03_one_piece_short_of_a_pieces_rate_and_10_short_of_a_gift_are_near_too():
    rule = PiecesRate(rule_id=1, steps=((3, 8_000),))
    every = EveryOff(rule_id=2, every_fen=21_000, off_fen=2_000)

    pieces, amount = sorted(
        near_offers(settled(line(quantity=2), promotions=[rule, every])),
        key=lambda offer: offer.kind,
        reverse=True,
    )

    assert (pieces.missing_pieces, pieces.missing_fen, pieces.off_fen) == (1, 10_000, 6_000)
    assert (amount.kind, amount.missing_fen, amount.off_fen) == ("every_off", 1_000, 2_000)


def test_O_06_the_breakdown_adds_up_lane_by_lane_and_line_by_line():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=750)
    rules = Rules((FIFTY_OFF,), templates={1: PARCEL})
    goods = (line("a", 9_999, template_id=1), line("b", 20_001, template_id=1))

    priced = quote(
        *goods, shopper=GOLD, rules=rules, region_code="110101", coupons=(coupon,), points=1_000
    )

    assert priced.goods_fen == 30_000
    assert [priced.taken_in(lane) for lane in Lane] == [0, 0, 5_000, 1_250, 750, 1_000, 0]
    assert priced.freight_fen == 600
    assert sum(part.payable_fen for part in priced.lines) == 23_750 - 750 - 1_000
    assert priced.payable_fen == 22_600


def test_O_06_300_less_50_at_95_percent_is_237_50_and_the_lines_sum_to_it():
    goods = [line(key, fen) for key, fen in zip("abc", (9_999, 10_001, 10_000), strict=True)]

    priced = quote(*goods, shopper=GOLD, promotions=(FIFTY_OFF,))

    assert priced.payable_fen == sum(part.payable_fen for part in priced.lines) == 23_750


def test_P_66_a_coupon_for_guangdong_is_refused_for_a_beijing_address():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000, region_prefixes=frozenset({"44"}))

    assert refused(line(), region_code="110101", coupons=(coupon,)).reason_code == (
        "region_not_served"
    )
    assert quote(line(), region_code="440305", coupons=(coupon,)).payable_fen == 9_000
    assert quote(line(), coupons=(coupon,)).payable_fen == 9_000


def test_P_66_a_promotion_for_a_region_holds_there_alone():
    local = replace(FIFTY_OFF, region_prefixes=frozenset({"44", "46"}))

    def payable(region_code):
        return quote(line(fen=30_000), promotions=(local,), region_code=region_code).payable_fen

    assert [payable(code) for code in ("440305", "460100", "110101")] == [25_000, 25_000, 30_000]


def test_a_line_takes_one_rule_of_an_exclusive_group_in_whatever_lane():
    sale = Sale(rule_id=1, prices={A: 20_000}, exclusive_group="g", scope=Scope.of(skus=[A]))
    off = replace(STEPPED, exclusive_group="g")

    priced = quote(line("a", 30_000), line("b", 20_000), promotions=(sale, off))
    answers = why_not(settled(line("a", 30_000), promotions=[sale, off]))

    assert taken(priced, "a") == [("sale", 10_000)]
    assert taken(priced, "b") == [("threshold_off", 2_000)]
    assert [(a.source_id, a.reason) for a in answers] == [(8, "stacking_excluded")]


def test_a_coupon_of_the_group_of_a_campaign_needs_other_goods():
    sale = Sale(rule_id=1, rate_bp=9_000, exclusive_group="g", scope=Scope.of(skus=[A]))
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000, exclusive_group="g")

    assert refused(line("a"), promotions=(sale,), coupons=(coupon,)).reason_code == (
        "stacking_excluded"
    )
    priced = quote(line("a"), line("b"), promotions=(sale,), coupons=(coupon,))
    assert taken(priced, "b") == [("coupon_amount", 1_000)]


def test_an_exchange_coupon_takes_one_piece_of_its_dearest_goods():
    scope = Scope.of(skus=[A, ord("b")])
    coupon = CouponExchange(rule_id=1, coupon_id=1, scope=scope, price_fen=0)

    priced = quote(line("a", 3_000, 2), line("b", 5_000, 2), line("c", 9_000), coupons=(coupon,))

    assert [taken(priced, key) for key in "abc"] == [[], [("coupon_exchange", 5_000)], []]
    with pytest.raises(ValueError, match="names its goods"):
        replace(coupon, scope=Scope())
