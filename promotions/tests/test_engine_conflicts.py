"""What is odd about rules before any basket is seen."""

from datetime import timedelta
from time import process_time

import pytest

from promotions.engine import (
    Basket,
    BundlePrice,
    EveryOff,
    FlashPrice,
    GiftWithPurchase,
    Lane,
    LoyalRate,
    MemberDay,
    PiecesRate,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    ThresholdOff,
    ThresholdRate,
    TierRate,
    conflicts,
    settle,
)
from promotions.engine.overlap import holds_goods, may_share_goods
from promotions.engine.worktop import Worktop
from promotions.tests.engine_builders import NOON, ORDINARY, law
from promotions.tests.engine_strategies import (
    audience,
    rule_lists,
    rules_of_all_kinds,
    scopes,
    shop_lines,
    stacking,
)

HOUR = timedelta(hours=1)
OFF = ThresholdOff(rule_id=1, steps=((30_000, 5_000),))


def codes(*rules):
    return [(finding.code.value, finding.rule_ids) for finding in conflicts(rules)]


def another(rule_id=2, spend=30_000, **facts):
    return ThresholdOff(rule_id=rule_id, steps=((spend, 4_000),), **facts)


def test_sound_rules_have_no_conflicts():
    gift = GiftWithPurchase(rule_id=3, options=((9, 1),))

    assert (
        codes(OFF, Sale(rule_id=2, rate_bp=9_000), gift, TierRate(rule_id=4, rate_bp=9_500)) == []
    )


def test_two_rules_of_one_lane_scope_and_priority():
    (finding,) = conflicts([OFF, another()])

    assert (finding.code, finding.rule_ids) == ("same_priority", (1, 2))
    assert finding.kinds == ("threshold_off", "threshold_off")
    assert finding.facts == {"lane": "order_offer", "priority": 100}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"priority": 50, "scope": Scope.of(brands=[1])}, {}),
        ({"ends_at": NOON}, {"starts_at": NOON}),
        ({"tier_codes": frozenset({"gold"})}, {"tier_codes": frozenset({"silver"})}),
        ({"region_prefixes": frozenset({"31"})}, {"region_prefixes": frozenset({"11"})}),
        ({"scope": Scope.of(categories=[7])}, {"scope": Scope.of(categories=[8])}),
        ({"scope": Scope.of(products=[7])}, {"scope": Scope.of(not_products=[7])}),
    ],
)
def test_rules_that_never_meet_or_have_an_order_are_no_conflict(one, other):
    assert codes(another(rule_id=1, **one), another(rule_id=2, **other)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"region_prefixes": frozenset({"44"})}, {"region_prefixes": frozenset({"4403"})}),
        ({"scope": Scope.of(categories=[7])}, {"scope": Scope.of(brands=[8])}),
        ({"tier_codes": frozenset({"gold"})}, {}),
    ],
)
def test_rules_that_may_meet_are_a_conflict(one, other):
    found = codes(another(rule_id=1, **one), another(rule_id=2, **other))

    assert found == [("same_priority", (1, 2))]


def test_the_best_of_the_tier_lane_is_the_point_and_no_conflict():
    assert codes(MemberDay(rule_id=1, rate_bp=9_000), LoyalRate(rule_id=2, rate_bp=9_000)) == []


def test_a_rule_behind_one_that_always_takes_its_goods_is_never_reached():
    first = another(rule_id=5, spend=10_000, priority=1)

    assert codes(OFF, first) == [("never_reached", (1, 5))]
    assert codes(OFF, another(rule_id=5, spend=30_001, priority=1)) == []
    assert codes(OFF, another(rule_id=5, priority=1, scope=Scope.of(brands=[1]))) == []


def test_a_rate_for_all_goods_ahead_of_a_sale_leaves_it_nothing():
    wide = Sale(rule_id=1, rate_bp=9_000, priority=1)
    narrow = Sale(rule_id=2, rate_bp=5_000, scope=Scope.of(skus=[1]))

    assert codes(wide, narrow) == [("never_reached", (2, 1))]


def test_a_lane_shut_by_an_earlier_rule_is_named_with_how_sure_it_is():
    always = Sale(rule_id=1, rate_bp=9_000, excludes=frozenset({Lane.ORDER_OFFER}))
    half = SecondHalfPrice(rule_id=2, excludes=frozenset({Lane.ORDER_OFFER}))

    found = conflicts([another(rule_id=3), always, half])

    assert [(f.code, f.rule_ids, f.facts["always"]) for f in found] == [
        ("shut_out", (3, 1), 1),
        ("shut_out", (3, 2), 0),
    ]
    assert found[0].facts["lane"] == "order_offer"


def test_one_exclusive_group_over_two_lanes():
    sale = Sale(rule_id=1, rate_bp=9_000, exclusive_group="big")
    off = another(exclusive_group="big")

    (finding,) = conflicts([off, sale])

    assert (finding.code, finding.rule_ids) == ("same_group", (2, 1))
    assert finding.facts == {"always": 1, "group": "big"}


def test_rules_of_one_campaign_belong_together():
    gift = GiftWithPurchase(rule_id=1, options=((9, 1),), exclusive_group="g")

    assert codes(ThresholdOff(rule_id=1, steps=OFF.steps, exclusive_group="g"), gift) == []


def test_two_gifts_of_one_priority_conflict_and_a_gift_and_an_offer_do_not():
    gifts = [GiftWithPurchase(rule_id=n, options=((9, 1),)) for n in (1, 2)]

    assert codes(*gifts, SecondHalfPrice(rule_id=3)) == [("same_priority", (1, 2))]


def test_activities_meet_no_other_prices():
    flash = FlashPrice(rule_id=1, prices={1: 1})

    assert codes(flash, Sale(rule_id=2, rate_bp=9_000)) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (another(starts_at=NOON, ends_at=NOON), "never_live"),
        (TierRate(rule_id=2, rate_bp=10_000), "gives_nothing"),
        (PiecesRate(rule_id=2, steps=()), "gives_nothing"),
        (ThresholdRate(rule_id=2, steps=((1, 10_000),)), "gives_nothing"),
        (EveryOff(rule_id=2, every_fen=100, off_fen=0), "gives_nothing"),
        (EveryOff(rule_id=2, every_fen=100, off_fen=100), "for_nothing"),
        (ThresholdOff(rule_id=2, steps=((100, 200),)), "for_nothing"),
        (Sale(rule_id=2, rate_bp=0), "for_nothing"),
        (BundlePrice(rule_id=2, pieces={1: 1}, price_fen=0), "for_nothing"),
        (another(excludes=frozenset({Lane.UNIT_PRICE})), "shuts_nothing"),
    ],
)
def test_a_rule_that_is_odd_by_itself(rule, code):
    assert codes(rule) == [(code, (2,))]


def test_a_gift_shuts_nothing():
    gift = GiftWithPurchase(rule_id=2, options=((9, 1),), excludes=frozenset({Lane.COUPON}))

    (finding,) = conflicts([gift])

    assert (finding.code, finding.facts) == ("shuts_nothing", {"lanes": "coupon"})


@law(shop_lines(), scopes, scopes)
def test_scopes_said_to_be_apart_share_no_goods_and_those_inside_are_inside(lines, one, other):
    index = Worktop.lay_out(lines).index
    first, second = set(index.places(one)), set(index.places(other))

    if not may_share_goods(one, other):
        assert not first & second
    if holds_goods(one, other):
        assert second <= first


@law(shop_lines(), rule_lists(rules_of_all_kinds(**audience, **stacking)))
def test_a_rule_said_to_be_never_live_or_to_give_nothing_is_never_used(lines, promotions):
    numbered = {rule.rule_id: rule for rule in promotions}
    rules = tuple(numbered.values())
    settlement = settle(Basket(tuple(lines)), ORDINARY, Rules(rules), NOON)
    used = {applied.rule.rule_id for applied in settlement.top.applied}

    for finding in conflicts(rules):
        if finding.code in {"never_live", "gives_nothing"}:
            assert finding.rule_ids[0] not in used


def test_a_hundred_rules_are_checked_in_the_wink_of_a_save():
    rules = [another(rule_id=n, priority=n % 7) for n in range(100)]

    started = process_time()
    assert conflicts(rules)

    assert process_time() - started < 0.5
