"""One more piece never raises the goods' total by more than its list price, but by EXCEPTIONS."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from promotions.engine import (
    EXCEPTIONS,
    RULE_KINDS,
    Basket,
    BundlePrice,
    EveryOff,
    Line,
    PiecesRate,
    QuantityPrice,
    Rule,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    ThresholdRate,
    price,
)
from promotions.tests.engine_builders import NOON, law, line, quote
from promotions.tests.engine_strategies import (
    activities,
    audience,
    offers,
    rule_lists,
    rules_of_all_kinds,
    shop_lines,
    shoppers,
)

KINDS = rules_of_all_kinds(**audience)
LAWFUL = {kind: drawn for kind, drawn in KINDS.items() if kind not in EXCEPTIONS}
FIXED_PRICES = {kind: KINDS[kind] for kind in ("sale", "member_price")}


@st.composite
def one_more(draw: st.DrawFn, *, in_activities: bool = False) -> tuple[Basket, Basket, int]:
    """A basket, the same with one more piece (of a line, or of another SKU), its list price."""
    lines = draw(shop_lines().filter(bool))
    if in_activities:
        lines = [replace(line, offer=draw(offers)) for line in lines]
    place = draw(st.integers(0, len(lines) - 1))
    more = lines[place]
    rest = tuple(lines[:place] + lines[place + 1 :])
    after = (*rest, replace(more, quantity=more.quantity + 1))
    before = tuple(lines) if draw(st.booleans()) or not rest else rest
    if before == rest:
        after = (*rest, replace(more, quantity=1))
    return Basket(before, "110101"), Basket(after, "110101"), more.list_fen


def rise(before: Basket, after: Basket, shopper: Shopper, promotions: tuple[Rule, ...]) -> int:
    """What the goods cost more after than before; freight is another matter."""
    return _goods(after, shopper, promotions) - _goods(before, shopper, promotions)


def _goods(basket: Basket, shopper: Shopper, promotions: tuple[Rule, ...]) -> int:
    unsent = tuple(replace(line, template_id=None) for line in basket.lines)
    return price(replace(basket, lines=unsent), shopper, Rules(promotions), NOON).payable_fen


@law(one_more(), shoppers, rule_lists(LAWFUL))
def test_one_more_piece_costs_at_most_its_list_price(baskets, shopper, promotions):
    before, after, list_fen = baskets

    assert rise(before, after, shopper, promotions) <= list_fen


@law(one_more(in_activities=True), shoppers, activities(), rule_lists(LAWFUL, most=4))
def test_one_more_piece_in_an_activity_costs_at_most_its_list_price(
    baskets, shopper, in_activities, promotions
):
    before, after, list_fen = baskets

    assert rise(before, after, shopper, in_activities + promotions) <= list_fen


@pytest.mark.parametrize("kind", sorted(EXCEPTIONS))
def test_an_exception_by_itself_keeps_the_law(kind):
    fixed = rule_lists(FIXED_PRICES, most=3)

    @law(one_more(), shoppers, fixed, KINDS[kind])
    def holds(baskets, shopper, promotions, rule):
        before, after, list_fen = baskets
        by_tier = replace(shopper, tier_rate_bp=10_000)

        assert rise(before, after, by_tier, (*promotions, rule)) <= list_fen

    holds()


@law(one_more(), shoppers, rule_lists(KINDS))
def test_only_the_exceptions_ever_break_it(baskets, shopper, promotions):
    before, after, list_fen = baskets

    if rise(before, after, shopper, promotions) > list_fen:
        assert {rule.kind for rule in promotions} & set(EXCEPTIONS)


def witness(*lines: Line, more: Line, promotions: tuple[Rule, ...]) -> int:
    """By how much one more piece exceeds its list price."""
    with_more = quote(*lines, more, promotions=promotions).payable_fen
    return with_more - quote(*lines, promotions=promotions).payable_fen - more.list_fen


HUNDRED_OFF_300 = ThresholdOff(rule_id=7, steps=((30_000, 10_000),))
GOODS = (line("a", 15_000), line("b", 15_000))
CHEAP = line("c", 100)


def test_exception_pieces_rate_and_threshold_off():
    three_at_95 = PiecesRate(rule_id=1, steps=((3, 9_500),))

    assert witness(*GOODS, more=CHEAP, promotions=(three_at_95, HUNDRED_OFF_300)) == 8_495


def test_exception_threshold_rate():
    three_at_95 = PiecesRate(rule_id=1, steps=((3, 9_500),))
    rate = ThresholdRate(rule_id=2, steps=((30_000, 5_000),))

    assert witness(*GOODS, more=CHEAP, promotions=(three_at_95, rate)) > 0


def test_exception_every_off():
    three_at_95 = PiecesRate(rule_id=1, steps=((3, 9_500),))
    every = EveryOff(rule_id=2, every_fen=30_000, off_fen=10_000)

    assert witness(*GOODS, more=CHEAP, promotions=(three_at_95, every)) > 0


def test_exception_bundle_price():
    bundle = BundlePrice(rule_id=1, pieces={ord("a"): 1, ord("c"): 1}, price_fen=14_900)

    assert witness(*GOODS, more=CHEAP, promotions=(bundle, HUNDRED_OFF_300)) == 9_800


def test_exception_second_half_price():
    wide = SecondHalfPrice(rule_id=1, second_rate_bp=9_450)
    on_a = PiecesRate(rule_id=2, steps=((2, 9_400),), scope=Scope.of(skus=[ord("a")]))
    on_b = PiecesRate(rule_id=3, steps=((2, 9_400),), scope=Scope.of(skus=[ord("b")]))
    goods = (line("a", 10_000, 2), line("b", 10_000, 2), line("c", 3_000))

    before = quote(*goods, promotions=(wide, on_a, on_b))
    after = quote(*goods[:2], line("c", 3_000, 2), promotions=(wide, on_a, on_b))

    assert (before.discount_fen, after.discount_fen) == (1_200 + 1_200, 550 + 550 + 165)
    assert after.payable_fen - before.payable_fen > 3_000


def test_a_ladder_alone_never_costs_more_for_more():
    ladder = QuantityPrice(rule_id=1, ladders={ord("a"): ((1, 1_000), (10, 900), (5, 1_500))})

    totals = [
        quote(line("a", 2_000, quantity), promotions=(ladder,)).payable_fen
        for quantity in range(1, 13)
    ]

    assert totals[8:10] == [9_000, 9_000]
    assert all(more - less <= 2_000 for less, more in zip(totals, totals[1:], strict=False))


def test_an_operators_order_may_break_it_for_any_kind():
    first = ThresholdOff(rule_id=1, steps=((20_000, 100),), priority=1)
    best = Sale(rule_id=2, rate_bp=9_000)

    assert quote(line(fen=30_000), promotions=(first, best)).payable_fen == 26_900


def test_exceptions_are_kinds_with_a_reason():
    assert set(EXCEPTIONS) < set(RULE_KINDS)
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())
