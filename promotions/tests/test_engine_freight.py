"""Lane freight and lane points by the plans' own numbers."""

import pytest

from promotions.engine import (
    CouponAmount,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    PointsNotInUnits,
    PointsOverCap,
    PointsRule,
    Rules,
    Scope,
    Shopper,
    Undeliverable,
)
from promotions.tests.engine_builders import FIVE_PLUS_ONE, GOLD, PARCEL, line, quote, taken

BY_PIECES = FreightTemplate(2, FreightRate(1, 300, 2, 100), by_pieces=True)
SENT = Rules(templates={1: PARCEL, 2: BY_PIECES})
BEIJING, URUMQI, ALTAY, LHASA = "110101", "650102", "654301", "540102"


def freight(*lines, region_code=BEIJING, rules=SENT, **facts):
    return quote(*lines, region_code=region_code, rules=rules, **facts).freight


@pytest.mark.parametrize(
    ("grams", "fee"), [(0, 500), (1_000, 500), (1_001, 600), (2_000, 600), (2_300, 700)]
)
def test_five_for_the_first_kilo_one_for_each_further(grams, fee):
    assert freight(line(weight_grams=grams, template_id=1)).freight_fen == fee


def test_lines_of_one_template_are_weighed_together():
    lines = (line("a", weight_grams=600, template_id=1), line("b", weight_grams=600, template_id=1))

    assert freight(*lines).freight_fen == 600


def test_each_template_charges_its_own_lines():
    priced = freight(
        line("a", weight_grams=2_300, template_id=1),
        line("b", quantity=4, template_id=2),
        line("c", weight_grams=9_000_000),
    )

    assert [(fee.template_id, fee.units, fee.fee_fen) for fee in priced.fees] == [
        (1, 2_300, 700),
        (2, 4, 500),
    ]
    assert (priced.base_fen, priced.template_ids, priced.reason) == (1_200, (1, 2), "charged")


@pytest.mark.parametrize(
    ("cm3", "grams", "fee"), [(0, 1_000, 500), (6_000, 1_000, 500), (6_001, 1_001, 600)]
)
def test_I_24_volume_counts_where_it_is_more_than_the_weight(cm3, grams, fee):
    bulky = FreightTemplate(1, FIVE_PLUS_ONE, cm3_per_kilogram=6_000)
    parcel = line(weight_grams=1_000, volume_cm3=cm3, template_id=1)

    (charged,) = freight(parcel, rules=Rules(templates={1: bulky})).fees

    assert (charged.units, charged.fee_fen) == (grams, fee)
    assert freight(parcel).fees[0].units == 1_000  # a template by weight looks at weight alone


def test_far_regions_have_their_own_rate_and_the_longest_prefix_wins():
    parcel = line(weight_grams=2_300, template_id=1)

    assert freight(parcel, region_code=ALTAY).freight_fen == 2_000 + 2 * 800
    with pytest.raises(Undeliverable):
        freight(parcel, region_code=URUMQI)


def test_a_blocked_region_names_the_lines_it_blocks():
    lines = (line("a", template_id=1), line("b", template_id=2), line("c", template_id=1))

    with pytest.raises(Undeliverable) as caught:
        freight(*lines, region_code=LHASA)

    assert caught.value.line_keys == ("a", "c")
    assert caught.value.facts["region_code"] == LHASA


def test_a_template_without_a_default_delivers_only_where_it_says():
    local = Rules(templates={1: FreightTemplate(1, None, regions={"11": FIVE_PLUS_ONE})})

    assert freight(line(template_id=1), rules=local).freight_fen == 500
    with pytest.raises(Undeliverable):
        freight(line(template_id=1), rules=local, region_code="31")


def test_nothing_to_ship_costs_nothing():
    assert freight(line()).reason == "nothing_to_ship"


def test_without_an_address_freight_stays_open():
    priced = freight(line(template_id=1), region_code=None)

    assert (priced.reason, priced.base_fen, priced.steps) == ("region_needed", 0, ())


@pytest.mark.parametrize(("fen", "fee"), [(9_800, 500), (9_900, 0)])
def test_O_11_a_tier_with_99_pays_freight_at_98_and_none_at_99(fen, fee):
    silver = Shopper(tier_code="silver", tier_free_freight_fen=9_900, tier_id=2)

    priced = freight(line(fen=fen, template_id=1), shopper=silver)

    assert priced.freight_fen == fee
    assert [step.kind for step in priced.steps] == ([] if fee else ["tier_free_freight"])


def test_free_freight_looks_at_goods_after_coupons_and_before_points():
    tier = Shopper(tier_code="gold", tier_free_freight_fen=9_000, points=100_000)
    ten = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000)
    eleven = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_100)
    parcel = line(fen=10_000, template_id=1)

    assert freight(parcel, shopper=tier, coupons=(ten,), points=4_500).freight_fen == 0
    assert freight(parcel, shopper=tier, coupons=(eleven,)).freight_fen == 500


def test_a_template_is_free_from_its_own_amount_on_its_own_lines():
    from_99 = FreightTemplate(3, FreightRate(1000, 500, 1000, 100, free_from_fen=9_900))
    rules = Rules(templates={2: BY_PIECES, 3: from_99})

    below = freight(line("a", 9_800, template_id=3), line("b", template_id=2), rules=rules)
    reached = freight(line("a", 9_900, template_id=3), line("b", template_id=2), rules=rules)

    assert (below.freight_fen, reached.freight_fen) == (800, 300)
    assert [(s.kind, s.source_id, s.amount_fen) for s in reached.steps] == [
        ("template_free_freight", 3, 500)
    ]


def test_O_11_a_campaign_frees_the_freight_by_the_goods_of_its_scope():
    campaign = FreeFreight(rule_id=6, threshold_fen=5_000, scope=Scope.of(brands=[9]))
    rules = Rules(promotions=(campaign,), templates=SENT.templates)

    without = freight(line("a", template_id=1), rules=rules)
    with_brand = freight(line("a", template_id=1), line("b", 5_000, brand_id=9), rules=rules)

    assert (without.freight_fen, with_brand.freight_fen) == (500, 0)


def test_only_the_best_free_freight_rule_is_written_down():
    campaign = FreeFreight(rule_id=6)
    rules = Rules(promotions=(campaign,), templates=SENT.templates)
    diamond = Shopper(tier_code="diamond", tier_free_freight_fen=0, tier_id=4)

    priced = freight(line(template_id=1), rules=rules, shopper=diamond)

    assert [(step.kind, step.source_id) for step in priced.steps] == [("tier_free_freight", 4)]


@pytest.mark.parametrize(
    "facts",
    [{"first_units": 0}, {"further_units": 0}, {"first_fee_fen": -1}, {"further_fee_fen": -1}],
)
def test_a_rate_that_cannot_be_is_refused_at_once(facts):
    sane = {"first_units": 1, "first_fee_fen": 1, "further_units": 1, "further_fee_fen": 1}

    with pytest.raises(ValueError, match="freight"):
        FreightRate(**(sane | facts))


def test_500_points_pay_5_yuan():
    priced = quote(line(fen=10_000), shopper=Shopper(points=500), points=500)

    assert priced.payable_fen == 9_500
    assert taken(priced, "a") == [("points", 500)]
    assert (priced.points.max, priced.points.used, priced.points.amount_fen) == (500, 500, 500)


def test_points_pay_at_most_half_of_the_goods_and_the_refusal_names_the_cap():
    with pytest.raises(PointsOverCap) as caught:
        quote(line(fen=10_100), shopper=GOLD, points=4_800)

    assert caught.value.max_points == 4_700  # half of 95.95 is 47.975: 47 whole units
    assert quote(line(fen=10_100), shopper=GOLD, points=4_700).points.used == 4_700


def test_points_never_exceed_the_balance_in_whole_units():
    owner = Shopper(points=350)

    assert quote(line(), shopper=owner).points.max == 300
    with pytest.raises(PointsOverCap):
        quote(line(), shopper=owner, points=400)


def test_points_come_in_whole_units():
    with pytest.raises(PointsNotInUnits) as caught:
        quote(line(), shopper=GOLD, points=150)

    assert caught.value.unit == 100


def test_points_pay_goods_only():
    rules = Rules(points=PointsRule(cap_bp=10_000), templates={1: PARCEL})

    priced = quote(
        line(fen=300, template_id=1), shopper=Shopper(points=9_900), rules=rules,
        region_code=BEIJING, points=300,
    )  # fmt: skip

    assert (priced.lines[0].payable_fen, priced.payable_fen) == (0, 500)
    assert priced.points.max == 300


def test_unit_worth_cap_and_scope_of_points_are_data():
    rule = PointsRule(unit=50, unit_off_fen=25, cap_bp=1_000, scope=Scope.of(brands=[2]))
    lines = (line("a", 10_000), line("b", 10_000, brand_id=2))

    priced = quote(*lines, shopper=GOLD, rules=Rules(points=rule), points=1_900)

    assert priced.points.max == 1_900  # 10 % of 95.00 in units of 25 fen
    assert (taken(priced, "a")[-1][0], taken(priced, "b")[-1]) == ("tier_rate", ("points", 950))


def test_the_points_spent_are_shared_over_the_lines_they_pay():
    rules = Rules(points=PointsRule(unit=100, unit_off_fen=7))

    priced = quote(line("a", 100), line("b", 200), shopper=GOLD, rules=rules, points=1_000)

    assert [priced_line.points for priced_line in priced.lines] == [329, 671]
    assert sum(priced_line.points for priced_line in priced.lines) == 1_000


@pytest.mark.parametrize(
    ("fen", "earn_bp", "earned"), [(10_000, 10_000, 100), (9_999, 15_000, 149)]
)
def test_goods_earn_points_per_yuan_paid(fen, earn_bp, earned):
    rules = Rules(points=PointsRule(earn_bp=earn_bp), templates={1: PARCEL})

    priced = quote(line(fen=fen, template_id=1), rules=rules, region_code=BEIJING)

    assert priced.points.earned == earned


@pytest.mark.parametrize("facts", [{"unit": 0}, {"unit_off_fen": 0}, {"cap_bp": 10_001}])
def test_a_points_rule_that_cannot_be_is_refused_at_once(facts):
    with pytest.raises(ValueError, match="points"):
        PointsRule(**facts)
