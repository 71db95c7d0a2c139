"""The laws of the engine, for any basket and any rules (hypothesis)."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import promotions.engine
from promotions.engine import (
    RULE_KINDS,
    CouponRefused,
    Lane,
    PointsOverCap,
    Quote,
    by_line,
    judge_coupons,
    near_offers,
    price,
    quote_hash,
    refund_of,
    settle,
    why_not,
)
from promotions.engine.gift import NO_GIFTS
from promotions.tests.engine_builders import NOON, law
from promotions.tests.engine_strategies import cases, coupons, rules_of_all_kinds


@law(cases())
def test_every_fen_is_explained_and_nothing_is_negative_or_above_list(case):
    priced = price(*case, NOON)

    for line, asked in zip(priced.lines, case[0].lines, strict=True):
        assert line.key == asked.key
        assert line.list_fen == asked.list_fen * asked.quantity
        assert line.list_fen - sum(step.amount_fen for step in line.steps) == line.payable_fen
        assert 0 <= line.payable_fen <= line.list_fen
        assert all(step.amount_fen > 0 for step in line.steps)
        assert Lane.FREIGHT not in {step.lane for step in line.steps}
    assert all(step.lane is Lane.FREIGHT for step in priced.freight.steps)
    assert 0 <= priced.freight_fen <= priced.freight.base_fen
    assert sum(line.payable_fen for line in priced.lines) + priced.freight_fen == priced.payable_fen
    assert priced.goods_fen - priced.discount_fen + priced.freight_fen == priced.payable_fen
    assert sum(line.points for line in priced.lines) == priced.points.used == case[0].points


@law(cases())
def test_a_line_has_at_most_one_rule_of_a_lane(case):
    for line in price(*case, NOON).lines:
        lanes_seen = [step.lane for step in line.steps if step.kind != "shop_price"]
        assert len(lanes_seen) == len(set(lanes_seen))


@law(cases(), st.randoms(use_true_random=False))
def test_the_callers_order_of_lines_and_rules_changes_nothing(case, random):
    basket, shopper, rules = case
    lines, promotions = list(basket.lines), list(rules.promotions)
    random.shuffle(lines)
    identities = {(rule.kind, rule.rule_id) for rule in promotions}
    if len(identities) == len(promotions):
        random.shuffle(promotions)

    before = price(basket, shopper, rules, NOON)
    after = price(
        replace(basket, lines=tuple(lines)),
        shopper,
        replace(rules, promotions=tuple(promotions)),
        NOON,
    )

    assert {line.key: line for line in after.lines} == {line.key: line for line in before.lines}
    assert replace(after, lines=before.lines) == before
    assert quote_hash(after) == quote_hash(before)


@law(cases(), st.data())
def test_splitting_a_line_into_two_of_its_sku_changes_no_total(case, data):
    basket, shopper, rules = case
    assume(any(line.quantity > 1 for line in basket.lines))
    whole = data.draw(st.sampled_from([line for line in basket.lines if line.quantity > 1]))
    pieces = data.draw(st.integers(1, whole.quantity - 1))
    parts = (
        replace(whole, quantity=pieces),
        replace(whole, key="other", quantity=whole.quantity - pieces),
    )
    others = tuple(line for line in basket.lines if line is not whole)

    before = price(basket, shopper, rules, NOON)
    after = price(replace(basket, lines=others + parts), shopper, rules, NOON)

    assert replace(after, lines=before.lines, given=before.given) == before
    assert _gifts(after) == _gifts(before)
    assert quote_hash(after) == quote_hash(before)


def _gifts(priced: Quote) -> list[tuple[int, int, int]]:
    return [(gift.rule_id, gift.sku_id, gift.quantity) for gift in priced.gifts]


@law(cases())
def test_gifts_change_no_price(case):
    basket, shopper, rules = case
    bare = tuple(rule for rule in rules.promotions if rule.kind != "gift")

    with_gifts = price(basket, shopper, rules, NOON)
    without = price(basket, shopper, replace(rules, promotions=bare), NOON)

    assert replace(with_gifts, given=NO_GIFTS, valid_until=without.valid_until) == without
    for gift in with_gifts.gifts:
        assert gift.quantity > 0
        assert gift.sku_id in {option.sku_id for option in gift.choices}
    keys = [key for gift in with_gifts.gifts for key in gift.line_keys]
    assert len(keys) == len(set(keys))


@law(cases())
def test_a_deposit_and_its_balance_are_the_whole(case):
    priced = price(*case, NOON)

    assert 0 <= priced.pay_now_fen <= priced.payable_fen
    assert priced.pay_now_fen + priced.balance_fen == priced.payable_fen
    if not any(line.offer and line.offer.kind == "presale" for line in priced.lines):
        assert priced.balance_fen == 0


@law(cases(), st.data())
def test_refunds_of_any_parts_in_any_order_never_exceed_and_in_the_end_equal_what_was_paid(
    case, data
):
    priced = price(*case, NOON)
    paid_fen = priced.payable_fen - priced.freight_fen
    back = {line.key: 0 for line in priced.lines}
    open_lines = {line.key: line for line in priced.lines}
    returned = 0

    while open_lines:
        line = open_lines[data.draw(st.sampled_from(sorted(open_lines)))]
        units = data.draw(st.integers(1, line.quantity - back[line.key]))
        part_fen = refund_of(line.payable_fen, line.quantity, back[line.key], units)
        back[line.key] += units
        returned += part_fen
        assert part_fen >= 0
        assert returned <= paid_fen
        if back[line.key] == line.quantity:
            del open_lines[line.key]

    assert returned == paid_fen


@law(cases(), st.lists(coupons, max_size=4))
def test_a_verdict_on_a_coupon_is_what_using_it_does(case, wallet):
    basket, shopper, rules = case
    bare = replace(basket, coupons=(), points=0)
    settlement = settle(bare, shopper, rules, NOON)

    for verdict in judge_coupons(settlement, wallet):
        chosen = replace(bare, coupons=(verdict.coupon,))
        if verdict.usable:
            taken_fen = price(chosen, shopper, rules, NOON).taken_in(Lane.COUPON)
            assert taken_fen == (0 if verdict.coupon.lane is Lane.FREIGHT else verdict.off_fen)
        else:
            with pytest.raises(CouponRefused) as refused:
                price(chosen, shopper, rules, NOON)
            assert refused.value.reason_code == verdict.reason


@law(cases())
def test_one_unit_of_points_above_the_cap_is_refused(case):
    basket, shopper, rules = case
    cap = price(basket, shopper, rules, NOON).points.max

    with pytest.raises(PointsOverCap) as refused:
        price(replace(basket, points=cap + rules.points.unit), shopper, rules, NOON)

    assert refused.value.max_points == cap


@law(cases())
def test_explanations_are_complete_and_leave_the_quote_alone(case):
    settlement = settle(*case, NOON)
    before = quote_hash(settlement.quote)
    keys = {line.key for line in case[0].lines}

    answers = why_not(settlement)
    offers = near_offers(settlement)

    assert set(by_line(answers)) <= keys
    assert all(offer.missing_fen > 0 and offer.off_fen > 0 for offer in offers)
    used = {id(applied.rule) for applied in settlement.top.applied}
    told = {(answer.kind, answer.source_id) for answer in answers}
    given = {(gift.kind, gift.rule_id) for gift in settlement.quote.gifts}
    for rule in settlement.live.known:
        if rule.lane is not Lane.FREIGHT and id(rule) not in used:
            assert (rule.kind, rule.rule_id) in told | given
    assert quote_hash(settlement.quote) == before


@law(cases())
def test_the_same_question_gets_the_same_answer(case):
    assert price(*case, NOON) == price(*case, NOON)


def test_the_laws_are_tried_on_every_kind_of_promotion():
    activities = {"flash", "group", "bargain", "presale"}
    rights = {"tier_free_freight"}
    of_coupons = {kind for kind in RULE_KINDS if kind.startswith("coupon")}

    assert set(rules_of_all_kinds()) | activities | rights | of_coupons == set(RULE_KINDS)


def test_the_engine_imports_neither_django_nor_the_rooms_around_it():
    allowed = {"mall.kernel.money", "promotions.engine"}
    folder = Path(promotions.engine.__file__).parent
    imported = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)

    own = {name for name in imported if name.startswith(("mall", "promotions", "django"))}
    assert {name for name in own if not name.startswith(tuple(allowed))} == set()
