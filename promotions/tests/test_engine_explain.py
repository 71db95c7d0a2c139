"""Why not, near offers and the fingerprint of a quote."""

from dataclasses import replace
from datetime import timedelta

import pytest

from promotions.engine import (
    Basket,
    BundlePrice,
    CouponAmount,
    EveryOff,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    GiftWithPurchase,
    Lane,
    MemberDay,
    MemberPrice,
    PiecesRate,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    ThresholdRate,
    by_line,
    near_offers,
    quote_hash,
    settle,
    why_not,
)
from promotions.tests.engine_builders import GOLD, NOON, ORDINARY, PARCEL, line, quote

STEPPED = ThresholdOff(
    rule_id=8, steps=((30_000, 5_000), (20_000, 2_000)), title_zh="满减", title_en="Spend & save"
)
BEIJING = "110101"


def settled(*lines, promotions=(), shopper=ORDINARY, templates=None, **basket):
    rules = Rules(promotions=tuple(promotions), templates=templates or {})
    return settle(Basket(tuple(lines), **basket), shopper, rules, NOON)


def reasons(*lines, **facts):
    return [(a.source_id, a.reason.value, a.line_keys) for a in why_not(settled(*lines, **facts))]


def test_280_yuan_are_20_short_of_50_off():
    (offer,) = near_offers(settled(line(fen=28_000), promotions=[STEPPED]))

    assert (offer.kind, offer.source_id) == ("threshold_off", 8)
    assert (offer.missing_fen, offer.off_fen) == (2_000, 5_000)
    assert offer.label_params["title_zh"] == "满减"


def test_the_highest_step_leaves_nothing_near():
    assert near_offers(settled(line(fen=30_000), promotions=[STEPPED])) == ()


def test_a_step_that_would_not_beat_what_the_lines_have_is_not_near():
    richer = ThresholdOff(rule_id=1, steps=((100, 6_000),))

    assert near_offers(settled(line(fen=28_000), promotions=[STEPPED, richer])) == ()


def test_lines_of_a_rule_that_goes_first_do_not_count_towards_a_step():
    first = ThresholdOff(rule_id=1, steps=((1, 10),), priority=1, scope=Scope.of(skus=[ord("b")]))

    (offer,) = near_offers(settled(line("a", 5_000), line("b", 9_000), promotions=[STEPPED, first]))

    assert offer.missing_fen == 15_000


def test_goods_out_of_scope_make_no_near_offer():
    elsewhere = replace(STEPPED, scope=Scope.of(brands=[77]))

    assert near_offers(settled(line(), promotions=[elsewhere])) == ()


@pytest.mark.parametrize("region_code", [BEIJING, None])
def test_free_freight_is_near_with_and_without_an_address(region_code):
    silver = Shopper(tier_code="silver", tier_free_freight_fen=9_900, tier_id=2)
    parcel = line(fen=8_700, template_id=1)

    (offer,) = near_offers(
        settled(parcel, shopper=silver, templates={1: PARCEL}, region_code=region_code)
    )

    assert (offer.lane, offer.kind) == (Lane.FREIGHT, "tier_free_freight")
    assert (offer.missing_fen, offer.off_fen) == (1_200, 500)


def test_a_template_s_own_free_amount_is_near_too():
    own = FreightTemplate(
        3, FreightRate(1000, 500, 1000, 100, free_from_fen=9_900), title_zh="包裹"
    )

    (offer,) = near_offers(settled(line(fen=9_000, template_id=3), templates={3: own}))

    assert (offer.kind, offer.source_id, offer.missing_fen) == ("template_free_freight", 3, 900)


def test_free_freight_already_had_is_not_near():
    diamond = Shopper(tier_code="diamond", tier_free_freight_fen=0)
    far = FreeFreight(rule_id=1, threshold_fen=90_000)

    settlement = settled(
        line(template_id=1), shopper=diamond, promotions=[far], templates={1: PARCEL}
    )

    assert near_offers(settlement) == ()


def test_no_default_rate_and_no_address_make_no_freight_offer():
    local = FreightTemplate(1, None)
    far = FreeFreight(rule_id=1, threshold_fen=90_000)

    assert near_offers(settled(line(template_id=1), promotions=[far], templates={1: local})) == ()


def test_near_offers_come_nearest_first_and_are_bounded():
    rules = [ThresholdOff(rule_id=n, steps=((10_000 + n, 1),)) for n in range(1, 9)]

    found = near_offers(settled(line(), promotions=rules), limit=3)

    assert [offer.missing_fen for offer in found] == [1, 2, 3]


def test_every_rule_that_did_not_apply_says_why():
    day = timedelta(days=1)
    rules = [
        Sale(rule_id=1, rate_bp=9_000),
        Sale(rule_id=2, rate_bp=9_500),
        Sale(rule_id=3, rate_bp=10_000),
        Sale(rule_id=4, starts_at=NOON + day),
        Sale(rule_id=5, ends_at=NOON),
        MemberPrice(rule_id=6, prices={}, tier_codes=frozenset({"gold"})),
        Sale(rule_id=7, scope=Scope.of(skus=[0])),
        SecondHalfPrice(rule_id=9),
        STEPPED,
    ]

    settlement = settled(line(), promotions=rules)
    answers = {answer.source_id: answer for answer in why_not(settlement)}

    assert {rule_id: answer.reason.value for rule_id, answer in answers.items()} == {
        2: "better_rule_chosen",
        3: "nothing_to_reduce",
        4: "not_started",
        5: "ended",
        6: "tier_not_met",
        7: "out_of_scope",
        8: "threshold_not_reached",
        9: "quantity_not_reached",
    }
    assert answers[2].facts == {"chosen_kind": "sale", "chosen_id": 1}


def test_quantity_and_amount_missing_are_told_apart():
    half, stepped = why_not(
        settled(line(), promotions=[replace(STEPPED, rule_id=9), SecondHalfPrice(rule_id=8)])
    )

    assert (half.reason, half.facts) == ("quantity_not_reached", {"missing_pieces": 1})
    assert stepped.reason == "threshold_not_reached"
    assert stepped.facts == {"missing_fen": 10_000, "threshold_fen": 20_000, "off_fen": 2_000}


def test_the_lines_a_rule_missed_are_named_and_the_others_not():
    tea = ThresholdOff(rule_id=1, steps=((1, 9_000),), scope=Scope.of(skus=[ord("a")]))
    shop = ThresholdOff(rule_id=2, steps=((1, 100),))

    answers = why_not(settled(line("a"), line("b"), promotions=[tea, shop]))

    (answer,) = answers
    assert (answer.source_id, answer.reason, answer.line_keys) == (2, "better_rule_chosen", ("a",))
    assert by_line(answers) == {"a": [answer]}


def test_a_rule_that_lost_the_lines_it_needed_lost_to_a_better_one():
    phones = ThresholdOff(rule_id=1, steps=((1, 9_000),), scope=Scope.of(skus=[ord("a")]))
    shop = ThresholdOff(rule_id=2, steps=((20_000, 100),))

    found = reasons(line("a"), line("b"), promotions=[phones, shop])

    assert (2, "better_rule_chosen", ("a",)) in found


def test_lines_shut_by_another_rule_say_so():
    alone = Sale(rule_id=1, rate_bp=5_000, excludes=frozenset({Lane.TIER_RATE}))

    assert reasons(line(), promotions=[alone], shopper=GOLD) == [(0, "stacking_excluded", ("a",))]


def test_free_freight_says_what_is_missing_or_who_was_better():
    far = FreeFreight(rule_id=5, threshold_fen=11_000)
    also = FreeFreight(rule_id=6)
    silver = Shopper(tier_code="silver", tier_free_freight_fen=0, tier_id=2)
    facts = {"templates": {1: PARCEL}, "region_code": BEIJING, "shopper": silver}

    settlement = settled(line(template_id=1), promotions=[far, also], **facts)
    answers = {answer.source_id: answer for answer in why_not(settlement)}

    assert set(answers) == {5, 6}
    assert answers[5].facts == {"missing_fen": 1_000, "threshold_fen": 11_000}
    assert answers[6].reason == "better_rule_chosen"
    assert reasons(line(), promotions=[also]) == [(6, "nothing_to_reduce", ())]


def test_explaining_changes_nothing():
    settlement = settled(line(fen=28_000), promotions=[STEPPED], shopper=GOLD)
    before = quote_hash(settlement.quote)

    why_not(settlement)
    near_offers(settlement)

    assert quote_hash(settlement.quote) == before
    assert settlement.top.items[0].left_fen == settlement.quote.payable_fen


COUPON = CouponAmount(rule_id=5, coupon_id=1, off_fen=100)
TEMPLATES = {1: PARCEL}


def fingerprint(**changes):
    facts = {
        "lines": (line(fen=30_000, template_id=1),),
        "promotions": (STEPPED,),
        "templates": TEMPLATES,
        "shopper": GOLD,
        "at": NOON,
        "region_code": BEIJING,
        "coupons": (COUPON,),
        "points": 500,
    } | changes
    rules = Rules(promotions=facts.pop("promotions"), templates=facts.pop("templates"))
    lines, shopper, at = facts.pop("lines"), facts.pop("shopper"), facts.pop("at")
    return quote_hash(quote(*lines, shopper=shopper, rules=rules, at=at, **facts))


@pytest.mark.parametrize(
    "change",
    [
        {"lines": (line(fen=30_000, template_id=1, sku_id=5),)},
        {"lines": (line(fen=30_000, template_id=1, list_fen=30_001),)},
        {"lines": (line(fen=15_000, quantity=2, template_id=1),)},
        {"promotions": (replace(STEPPED, version=2),)},
        {"promotions": ()},
        {"templates": {1: replace(PARCEL, version=2)}},
        {"shopper": replace(GOLD, tier_rate_bp=9_000)},
        {"region_code": "110102"},
        {"coupons": (replace(COUPON, rule_id=6),)},
        {"coupons": ()},
        {"points": 400},
    ],
)
def test_the_fingerprint_covers_all_that_was_agreed(change):
    assert fingerprint(**change) != fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOON + timedelta(minutes=1)},
        {"promotions": (replace(STEPPED, title_zh="大促"),)},
        {"lines": (line("z", fen=30_000, template_id=1, sku_id=ord("a")),)},
    ],
)
def test_the_fingerprint_ignores_time_words_and_line_keys(change):
    assert fingerprint(**change) == fingerprint()


def test_the_fingerprint_is_a_short_text():
    assert len(fingerprint()) == 32


FACES = [
    (STEPPED, {"threshold_fen": 20_000, "off_fen": 2_000}),
    (ThresholdRate(rule_id=1, steps=((90_000, 9_000),)), {"threshold_fen": 90_000}),
    (EveryOff(rule_id=1, every_fen=90_000, off_fen=10), {"every_fen": 90_000, "off_fen": 10}),
    (PiecesRate(rule_id=1, steps=((3, 8_000),)), {"pieces": 3, "rate_bp": 8_000}),
    (SecondHalfPrice(rule_id=1), {"rate_bp": 5_000}),
    (BundlePrice(rule_id=1, pieces={ord("a"): 2}, price_fen=1), {"price_fen": 1}),
    (Sale(rule_id=1, rate_bp=9_000, starts_at=NOON + timedelta(1)), {"rate_bp": 9_000}),
    (MemberDay(rule_id=1, rate_bp=9_000), {"rate_bp": 9_000}),
    (GiftWithPurchase(rule_id=1, options=((9, 1),), pieces=2), {"pieces": 2, "quantity": 1}),
]


@pytest.mark.parametrize(("rule", "face"), FACES)
def test_a_rule_that_did_not_apply_is_called_by_what_it_promises(rule, face):
    (answer,) = why_not(settled(line(), promotions=[rule]))

    assert face.items() <= answer.label_params.items()


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        (STEPPED, {"threshold_fen": 30_000, "off_fen": 5_000}),
        (
            ThresholdRate(rule_id=1, steps=((20_000, 9_000), (30_000, 8_000))),
            {"threshold_fen": 30_000, "rate_bp": 8_000},
        ),
        (EveryOff(rule_id=1, every_fen=10_000, off_fen=500), {"every_fen": 10_000, "off_fen": 500}),
        (PiecesRate(rule_id=1, steps=((2, 9_000), (3, 8_000))), {"pieces": 3, "rate_bp": 8_000}),
    ],
)
def test_a_near_offer_is_called_by_the_step_it_is_about(rule, figures):
    (offer,) = near_offers(settled(line(fen=13_000, quantity=2), promotions=[rule]))

    assert figures.items() <= offer.label_params.items()


def test_the_second_piece_at_half_price_is_near_and_then_had():
    half = SecondHalfPrice(rule_id=1)

    (offer,) = near_offers(settled(line("a", 1_000), line("b", 900), promotions=[half]))

    assert (offer.missing_pieces, offer.missing_fen, offer.off_fen) == (1, 900, 450)
    assert near_offers(settled(line("a", 1_000, 2), promotions=[half])) == ()


def test_a_gift_in_reach_is_near_with_its_declared_value_until_it_is_earned():
    gift = GiftWithPurchase(rule_id=5, options=((9, 1_500),), threshold_fen=20_000)

    (offer,) = near_offers(settled(line(fen=19_000), promotions=[gift]))

    assert (offer.kind, offer.missing_fen, offer.off_fen) == ("gift", 1_000, 1_500)
    assert near_offers(settled(line(fen=20_000), promotions=[gift])) == ()
    richer = replace(gift, rule_id=6, threshold_fen=1)
    assert near_offers(settled(line(fen=19_000), promotions=[gift, richer])) == ()
