"""The laws of the engine, for any basket and any rules (hypothesis)."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import promotions.engine
from promotions.engine import (
    Basket,
    CouponAmount,
    CouponFreight,
    CouponRate,
    CouponRefused,
    FreeFreight,
    FreightRate,
    FreightTemplate,
    Lane,
    Line,
    MemberPrice,
    PointsOverCap,
    PointsRule,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    TierRate,
    by_line,
    judge_coupons,
    near_offers,
    price,
    quote_hash,
    settle,
    unit_shares,
    why_not,
)
from promotions.tests.engine_builders import NOON, law

SKUS = 8
ids = st.integers(1, SKUS)
amounts = st.integers(0, 60_000)
rates = st.integers(0, 10_000)
id_sets = st.frozensets(st.integers(1, 5), max_size=2)
lanes = st.frozensets(st.sampled_from(list(Lane)), max_size=2)


@st.composite
def shop_lines(draw: st.DrawFn) -> list[Line]:
    """Lines of a small shop where each SKU's facts follow from its id, SKUs may repeat."""
    bought = draw(st.lists(st.tuples(ids, st.integers(1, 9)), max_size=12))
    prices = draw(st.lists(st.tuples(amounts, amounts), min_size=SKUS, max_size=SKUS))
    return [
        Line(
            key=f"k{place:02}",
            sku_id=sku_id,
            product_id=sku_id % 5,
            category_path=(1, 2 + sku_id % 3),
            brand_id=sku_id % 4 or None,
            quantity=quantity,
            list_fen=max(prices[sku_id - 1]),
            price_fen=min(prices[sku_id - 1]),
            weight_grams=sku_id * 370,
            template_id=sku_id % 3 or None,
        )
        for place, (sku_id, quantity) in enumerate(bought)
    ]


scopes = st.builds(Scope, id_sets, id_sets, id_sets, id_sets, id_sets, id_sets)
moments = st.none() | st.integers(-2, 2).map(lambda hours: NOON + timedelta(hours=hours))
common = {
    "rule_id": st.integers(1, 99),
    "scope": scopes | st.just(Scope()),
    "priority": st.integers(1, 3),
    "starts_at": moments,
    "ends_at": moments,
    "tier_codes": st.sampled_from([frozenset(), frozenset({"gold"}), frozenset({"silver"})]),
    "excludes": lanes,
}
tables = st.dictionaries(ids, amounts, max_size=4)
step_tables = st.lists(st.tuples(amounts, amounts), max_size=3).map(tuple)
promotions_drawn = st.lists(
    st.one_of(
        st.builds(Sale, rate_bp=rates, prices=tables, **common),
        st.builds(MemberPrice, prices=tables, **common),
        st.builds(SecondHalfPrice, second_rate_bp=rates, **common),
        st.builds(ThresholdOff, steps=step_tables, **common),
        st.builds(TierRate, rate_bp=rates, **common),
        st.builds(FreeFreight, threshold_fen=amounts, **common),
    ),
    max_size=8,
).map(tuple)
freight_rates = st.builds(
    FreightRate,
    st.integers(1, 3_000),
    st.integers(0, 2_000),
    st.integers(1, 2_000),
    st.integers(0, 900),
    st.none() | amounts,
)
books = st.builds(
    Rules,
    promotions_drawn,
    st.builds(
        PointsRule,
        unit=st.integers(1, 100),
        unit_off_fen=st.integers(1, 100),
        cap_bp=rates,
        scope=common["scope"],
    ),
    st.fixed_dictionaries(
        {
            1: st.builds(FreightTemplate, st.just(1), freight_rates),
            2: st.builds(FreightTemplate, st.just(2), freight_rates, by_pieces=st.booleans()),
        }
    ),
)
shoppers = st.builds(
    Shopper,
    st.just(1),
    st.sampled_from(["ordinary", "gold"]),
    rates,
    st.none() | amounts,
    st.integers(0, 50_000),
)
grants = {"coupon_id": st.just(1), "threshold_fen": amounts} | common
coupons = st.one_of(
    st.builds(CouponAmount, off_fen=amounts, **grants),
    st.builds(CouponRate, rate_bp=rates, cap_fen=st.none() | amounts, **grants),
    st.builds(CouponFreight, cap_fen=st.none() | amounts, **grants),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Basket, Shopper, Rules]:
    """A basket that can be priced: a coupon only if usable, points only within the cap."""
    lines = tuple(draw(shop_lines()))
    shopper, rules = draw(shoppers), draw(books)
    basket = Basket(lines, draw(st.sampled_from([None, "110101"])))
    coupon = draw(st.none() | coupons)
    if coupon and judge_coupons(settle(basket, shopper, rules, NOON), [coupon])[0].usable:
        basket = replace(basket, coupons=(coupon,))
    cap = price(basket, shopper, rules, NOON).points.max
    units = draw(st.integers(0, cap // rules.points.unit))
    return replace(basket, points=units * rules.points.unit), shopper, rules


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

    assert replace(after, lines=before.lines) == before
    assert quote_hash(after) == quote_hash(before)


@law(cases())
def test_refunding_every_piece_returns_exactly_what_was_paid(case):
    priced = price(*case, NOON)

    returned = sum(sum(unit_shares(line.payable_fen, line.quantity)) for line in priced.lines)

    assert returned + priced.freight_fen == priced.payable_fen


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
    for rule in settlement.live.known:
        if rule.lane is not Lane.FREIGHT and id(rule) not in used:
            assert (rule.kind, rule.rule_id) in told
    assert quote_hash(settlement.quote) == before


@law(cases())
def test_the_same_question_gets_the_same_answer(case):
    assert price(*case, NOON) == price(*case, NOON)


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
