"""Lanes 1 to 4 by the plans' own numbers."""

from datetime import timedelta
from typing import ClassVar

import pytest

from promotions.engine import (
    GUEST,
    RULE_KINDS,
    CouponAmount,
    Lane,
    MemberPrice,
    Offer,
    OfferRefused,
    PriceStep,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    TierRate,
    piece_prices,
)
from promotions.engine.rules.base import UnitRule
from promotions.tests.engine_builders import GOLD, NOON, PHONES, TEA, line, quote, taken

THREE_HUNDRED_OFF_FIFTY = ThresholdOff(rule_id=7, steps=((30_000, 5_000),))
STEPPED = ThresholdOff(rule_id=8, steps=((30_000, 5_000), (20_000, 2_000)))


def test_300_less_50_at_95_percent_is_237_50():
    priced = quote(line(fen=30_000), shopper=GOLD, promotions=(THREE_HUNDRED_OFF_FIFTY,))

    assert priced.payable_fen == 23_750
    assert taken(priced, "a") == [("threshold_off", 5_000), ("tier_rate", 1_250)]


def test_the_same_sale_over_three_lines_still_sums_to_237_50():
    lines = (line("a", 9_999), line("b", 10_001), line("c", 10_000))

    priced = quote(*lines, shopper=GOLD, promotions=(THREE_HUNDRED_OFF_FIFTY,))

    assert sum(line.payable_fen for line in priced.lines) == priced.payable_fen == 23_750


def test_an_ordinary_member_pays_250():
    priced = quote(line(fen=30_000), promotions=(THREE_HUNDRED_OFF_FIFTY,))

    assert priced.payable_fen == 25_000


def test_gold_pays_95_for_100():
    assert quote(line(fen=10_000), shopper=GOLD).payable_fen == 9_500


@pytest.mark.parametrize(
    ("spent", "off"), [(19_999, 0), (20_000, 2_000), (29_900, 2_000), (30_000, 5_000)]
)
def test_the_highest_step_reached_wins(spent, off):
    assert quote(line(fen=spent), promotions=(STEPPED,)).discount_fen == off


def test_a_step_never_takes_more_than_the_goods():
    everything = ThresholdOff(rule_id=1, steps=((100, 5_000),))

    assert quote(line(fen=300), promotions=(everything,)).payable_fen == 0


def test_a_threshold_counts_only_its_scope():
    tea = ThresholdOff(rule_id=1, steps=((10_000, 1_000),), scope=Scope.of(categories=[TEA]))
    phone, leaf = line("a", 50_000), line("b", 9_900, category_path=(1, TEA))

    assert quote(phone, leaf, promotions=(tea,)).discount_fen == 0
    dearer = line("b", 10_000, category_path=(1, TEA))
    priced = quote(phone, dearer, promotions=(tea,))
    assert taken(priced, "a") == []
    assert taken(priced, "b") == [("threshold_off", 1_000)]


def test_a_threshold_reaches_across_categories_and_leaves_the_excluded_out():
    scope = Scope.of(categories=[PHONES, TEA], not_products=[99])
    rule = ThresholdOff(rule_id=1, steps=((30_000, 3_000),), scope=scope)
    phone = line("a", 20_000)
    leaf = line("b", 10_000, category_path=(1, TEA))
    kept_out = line("c", 50_000, product_id=99)

    priced = quote(phone, leaf, kept_out, promotions=(rule,))

    assert taken(priced, "a") == [("threshold_off", 2_000)]
    assert taken(priced, "b") == [("threshold_off", 1_000)]
    assert taken(priced, "c") == []


@pytest.mark.parametrize(
    "scope", [Scope.of(brands=[5]), Scope.of(products=[50]), Scope.of(skus=[ord("b")])]
)
def test_brands_products_and_skus_are_scopes_too(scope):
    rule = ThresholdOff(rule_id=1, steps=((1, 100),), scope=scope)

    priced = quote(line("a"), line("b", brand_id=5, product_id=50), promotions=(rule,))

    assert (taken(priced, "a"), taken(priced, "b")) == ([], [("threshold_off", 100)])


def test_disjoint_rules_of_a_lane_both_apply():
    phones = ThresholdOff(rule_id=1, steps=((1, 100),), scope=Scope.of(categories=[PHONES]))
    leaves = ThresholdOff(rule_id=2, steps=((1, 200),), scope=Scope.of(categories=[TEA]))

    priced = quote(line("a"), line("b", category_path=(TEA,)), promotions=(phones, leaves))

    assert (taken(priced, "a"), taken(priced, "b")) == (
        [("threshold_off", 100)],
        [("threshold_off", 200)],
    )


def test_overlapping_rules_compete_and_the_loser_bids_again_on_the_rest():
    shop = ThresholdOff(rule_id=1, steps=((20_000, 900), (10_000, 300)))
    phones = ThresholdOff(rule_id=2, steps=((1, 1_000),), scope=Scope.of(categories=[PHONES]))

    priced = quote(line("a"), line("b", category_path=(TEA,)), promotions=(shop, phones))

    assert priced.discount_fen == 1_300
    assert priced.lines[1].steps[0].source_id == 1


def test_priority_comes_before_saving_and_id_settles_a_tie():
    small_first = ThresholdOff(rule_id=9, steps=((1, 100),), priority=1)
    large = ThresholdOff(rule_id=4, steps=((1, 900),))
    twin = ThresholdOff(rule_id=3, steps=((1, 900),))

    first = quote(line(), promotions=(large, small_first))
    second = quote(line(), promotions=(large, twin))

    assert first.lines[0].steps[0].source_id == 9
    assert second.lines[0].steps[0].source_id == 3


def test_the_struck_price_is_explained_by_its_own_step():
    priced = quote(line(fen=8_000, list_fen=10_000, quantity=2))

    assert priced.goods_fen == 20_000
    assert taken(priced, "a") == [("shop_price", 4_000)]


def test_the_best_of_sale_and_member_price_sets_the_piece():
    sale = Sale(rule_id=1, rate_bp=9_000)
    fixed = Sale(rule_id=2, prices={ord("a"): 8_800})
    member = MemberPrice(rule_id=3, prices={ord("a"): 8_500}, tier_codes=frozenset({"gold"}))
    silver = Shopper(member_id=2, tier_code="silver")
    gold = Shopper(member_id=3, tier_code="gold")

    for shopper, payable in ((silver, 8_800), (gold, 8_500), (GUEST, 8_800)):
        priced = quote(line(), shopper=shopper, promotions=(sale, fixed, member))
        assert priced.payable_fen == payable


def test_in_lane_1_too_priority_comes_before_saving():
    first = Sale(rule_id=2, rate_bp=9_500, priority=1)

    assert quote(line(), promotions=(Sale(rule_id=1, rate_bp=9_000), first)).payable_fen == 9_500


def test_a_sale_rate_is_taken_of_one_piece():
    priced = quote(line(fen=15, quantity=3), promotions=(Sale(rule_id=1, rate_bp=9_000),))

    assert priced.payable_fen == 3 * 14


def test_a_sale_above_the_shop_price_changes_nothing():
    assert (
        quote(line(), promotions=(Sale(rule_id=1, prices={ord("a"): 10_001}),)).lines[0].steps == ()
    )


def test_a_sale_runs_from_its_start_to_just_before_its_end():
    hour = timedelta(hours=1)
    sale = Sale(rule_id=1, rate_bp=5_000, starts_at=NOON, ends_at=NOON + hour)

    def payable(at):
        return quote(line(), promotions=(sale,), at=at).payable_fen

    moments = (NOON - timedelta(microseconds=1), NOON, NOON + hour - timedelta(microseconds=1))
    assert [payable(at) for at in moments] == [10_000, 5_000, 5_000]
    assert payable(NOON + hour) == 10_000


@pytest.mark.parametrize(("pieces", "payable"), [(1, 1_000), (2, 1_500), (3, 2_500), (4, 3_000)])
def test_every_second_piece_is_half_price(pieces, payable):
    rule = SecondHalfPrice(rule_id=1)

    assert quote(line(fen=1_000, quantity=pieces), promotions=(rule,)).payable_fen == payable


def test_a_line_without_a_second_piece_pays_in_full_beside_one_that_has_it():
    priced = quote(line("a", 1_000, 2), line("b", 100, 1), promotions=(SecondHalfPrice(rule_id=1),))

    assert taken(priced, "a") == [("second_half_price", 500)]
    assert taken(priced, "b") == []


def test_among_second_piece_rules_each_line_goes_to_one():
    halves = SecondHalfPrice(rule_id=1)
    fifth = SecondHalfPrice(rule_id=2, second_rate_bp=2_000, scope=Scope.of(skus=[ord("b")]))

    priced = quote(line("a", 100, 2), line("b", 1_000, 2), promotions=(halves, fifth))

    assert taken(priced, "a") == [("second_half_price", 50)]
    assert taken(priced, "b") == [("second_half_price", 800)]


def test_a_rate_is_taken_of_the_sum_not_line_by_line():
    tenths = [line(key, 5) for key in "abcdefghij"]

    priced = quote(*tenths, shopper=Shopper(tier_code="gold", tier_rate_bp=9_500))

    assert priced.discount_fen == 2


def test_only_the_best_tier_rate_of_a_line_applies():
    member_day = TierRate(rule_id=5, rate_bp=9_000)

    priced = quote(line(), shopper=GOLD, promotions=(member_day,))

    assert taken(priced, "a") == [("tier_rate", 1_000)]
    assert priced.lines[0].steps[0].source_id == 5


def test_a_rule_shuts_later_lanes_for_its_own_lines_only():
    alone = frozenset({Lane.ORDER_OFFER, Lane.TIER_RATE})
    sale = Sale(rule_id=1, rate_bp=5_000, scope=Scope.of(skus=[ord("a")]), excludes=alone)

    priced = quote(line("a"), line("b"), shopper=GOLD, promotions=(sale, STEPPED))

    assert taken(priced, "a") == [("sale", 5_000)]
    assert taken(priced, "b") == [("tier_rate", 500)]


class HalfPrice(UnitRule):
    """An activity price as issue 3 will bring them: only for the lines put in for it."""

    kind: ClassVar[str] = "flash"
    takes_offers: ClassVar[bool] = True

    def unit_price(self, item):
        return item.line.price_fen // 2


def test_an_activity_prices_only_the_lines_put_in_for_it():
    flash, sale = HalfPrice(rule_id=4), Sale(rule_id=1, rate_bp=4_000)
    lines = (line("a"), line("b", sku_id=ord("a"), offer=Offer("flash", 4)))

    priced = quote(*lines, promotions=(flash, sale))

    assert taken(priced, "a") == [("sale", 6_000)]
    assert taken(priced, "b") == [("flash", 5_000)]


def test_an_offer_that_no_live_rule_gives_is_refused():
    with pytest.raises(OfferRefused) as refused:
        quote(line("a"), line("b", offer=Offer("flash", 5)), promotions=(HalfPrice(rule_id=4),))

    assert refused.value.line_keys == ("b",)


def test_equal_lines_are_priced_as_one_and_answered_as_two():
    rule = ThresholdOff(rule_id=1, steps=((30_000, 1_000),))
    two = (line("z", quantity=1, sku_id=1), line("y", quantity=2, sku_id=1))

    priced = quote(*two, promotions=(rule,))

    assert [(line.key, line.quantity) for line in priced.lines] == [("z", 1), ("y", 2)]
    assert [taken(priced, "z"), taken(priced, "y")] == [
        [("threshold_off", 333)],
        [("threshold_off", 667)],
    ]


def test_many_small_steps_never_turn_a_split_line_negative():
    lines = (line("a", 1, 1, sku_id=1), line("b", 1, 2, sku_id=1))
    rules = (ThresholdOff(rule_id=1, steps=((1, 1),)), TierRate(rule_id=2, rate_bp=5_000))
    fen = CouponAmount(rule_id=3, coupon_id=1, off_fen=1)

    priced = quote(*lines, promotions=rules, coupons=(fen,))

    assert [line.payable_fen for line in priced.lines] == [0, 0]


def test_equal_skus_with_different_facts_are_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="differ"):
        quote(line("a", 100, sku_id=1), line("b", 200, sku_id=1))


@pytest.mark.parametrize(
    "facts", [{"quantity": 0}, {"quantity": -1}, {"fen": -1}, {"list_fen": 9_999}]
)
def test_a_line_that_cannot_be_is_refused_at_once(facts):
    with pytest.raises(ValueError, match="line a"):
        line(**facts)


def test_an_empty_basket_costs_nothing():
    priced = quote(promotions=(STEPPED,), region_code="110101")

    assert (priced.lines, priced.payable_fen, priced.freight.reason) == ((), 0, "nothing_to_ship")


def test_a_quote_is_good_until_the_next_rule_of_its_goods_changes():
    minute = timedelta(minutes=1)
    soon = Sale(rule_id=1, rate_bp=9_000, starts_at=NOON + 5 * minute)
    ending = ThresholdOff(rule_id=2, steps=((1, 1),), ends_at=NOON + 9 * minute)
    elsewhere = Sale(rule_id=3, starts_at=NOON + minute, scope=Scope.of(skus=[0]))

    def until(*promotions):
        return quote(line(), promotions=promotions).valid_until - NOON

    assert until() == 30 * minute
    assert until(ending, elsewhere) == 9 * minute
    assert until(soon, ending) == 5 * minute


def test_piece_prices_are_lane_1_alone():
    rules = Rules(promotions=(Sale(rule_id=1, rate_bp=9_000), STEPPED))

    assert piece_prices([line("a", 30_000)], GOLD, rules, NOON) == {"a": 27_000}


def test_a_step_survives_json():
    (step,) = quote(line(fen=30_000), promotions=(STEPPED,)).lines[0].steps

    assert PriceStep.from_json(step.as_json()) == step


def test_each_kind_is_registered_under_its_own_name():
    assert all(rule.kind == kind for kind, rule in RULE_KINDS.items())


def test_a_rule_that_is_no_promotion_is_a_bug_of_the_loader():
    coupon = CouponAmount(rule_id=1, coupon_id=1, off_fen=1)

    with pytest.raises(ValueError, match="no promotion"):
        quote(line(), promotions=(coupon,))
