"""Gifts: earned by amount, pieces or product, chosen of n, given from stock, and never a price."""

from dataclasses import replace

import pytest

from promotions.engine import (
    Basket,
    GiftNoticeCode,
    GiftWithPurchase,
    Lane,
    Rules,
    Sale,
    Scope,
    SecondHalfPrice,
    Shopper,
    ThresholdOff,
    price,
    quote_hash,
    settle,
    why_not,
)
from promotions.tests.engine_builders import GOLD, NOON, ORDINARY, line, quote, taken

CUP, POT, TRAY = 901, 902, 903
FROM_200 = GiftWithPurchase(
    rule_id=5, options=((CUP, 1_500), (POT, 2_000)), threshold_fen=20_000, title_zh="满赠"
)


def given(*lines, rule=FROM_200, stock=None, shopper=ORDINARY, promotions=(), **basket):
    rules = Rules(promotions=(rule, *promotions), gift_stock=stock)
    return price(Basket(tuple(lines), **basket), shopper, rules, NOON)


def gifts(*lines, **facts):
    return [(gift.sku_id, gift.quantity) for gift in given(*lines, **facts).gifts]


def test_P_28_200_yuan_add_the_gift_and_199_99_do_not():
    assert gifts(line(fen=20_000)) == [(CUP, 1)]
    assert gifts(line(fen=19_999)) == []


def test_P_28_a_gift_out_of_stock_gives_way_to_the_next_with_a_warning():
    priced = given(line(fen=20_000), stock={POT: 1})

    assert [gift.sku_id for gift in priced.gifts] == [POT]
    (notice,) = priced.gift_notices
    assert notice.code is GiftNoticeCode.SUBSTITUTED
    assert (notice.wanted_sku_id, notice.given_sku_id, notice.line_keys) == (CUP, POT, ("a",))


def test_P_28_with_every_gift_out_of_stock_there_is_none_and_a_warning():
    priced = given(line(fen=20_000), stock={})

    assert priced.gifts == ()
    (notice,) = priced.gift_notices
    assert (notice.code, notice.given_sku_id) == ("gift_sold_out", None)


def test_P_28_the_shopper_chooses_one_of_n():
    priced = given(line(fen=20_000), gift_choices={5: POT}, stock={CUP: 9, POT: 9})

    (gift,) = priced.gifts
    assert (gift.sku_id, gift.value_fen, gift.line_keys) == (POT, 2_000, ("a",))
    assert [(o.sku_id, o.available) for o in gift.choices] == [(CUP, True), (POT, True)]
    assert priced.gift_notices == ()


def test_a_choice_that_is_no_option_gives_the_first():
    assert gifts(line(fen=20_000), gift_choices={5: TRAY, 6: POT}) == [(CUP, 1)]


def test_a_gone_option_is_shown_as_gone():
    (gift,) = given(line(fen=20_000), stock={CUP: 1}, gift_choices={5: CUP}).gifts

    assert [(o.sku_id, o.available) for o in gift.choices] == [(CUP, True), (POT, False)]


@pytest.mark.parametrize(("quantity", "expected"), [(2, []), (3, [(CUP, 1)]), (9, [(CUP, 1)])])
def test_a_gift_by_pieces(quantity, expected):
    rule = GiftWithPurchase(rule_id=5, options=((CUP, 1),), pieces=3)

    assert gifts(line(quantity=quantity), rule=rule) == expected


def test_a_gift_by_product_needs_the_product():
    rule = GiftWithPurchase(rule_id=5, options=((CUP, 1),), scope=Scope.of(products=[77]))

    assert gifts(line("a")) == []
    assert gifts(line("a"), line("b", product_id=77), rule=rule) == [(CUP, 1)]


@pytest.mark.parametrize(("most", "expected"), [(None, 10), (2, 4)])
def test_each_multiple_gives_again_up_to_the_cap(most, expected):
    rule = replace(FROM_200, per=True, quantity=2, most=most)

    assert gifts(line(fen=100_000), rule=rule) == [(CUP, expected)]


def test_fewer_pieces_than_earned_are_given_with_a_warning():
    priced = given(line(fen=60_000), rule=replace(FROM_200, per=True), stock={CUP: 2, POT: 1})

    assert [(gift.sku_id, gift.quantity) for gift in priced.gifts] == [(CUP, 2)]
    assert [notice.code for notice in priced.gift_notices] == ["gift_reduced"]


def test_what_the_basket_itself_buys_is_not_there_to_give():
    assert gifts(line(fen=20_000, sku_id=CUP), stock={CUP: 1, POT: 1}) == [(POT, 1)]


def test_two_gifts_share_one_stock():
    tea = GiftWithPurchase(rule_id=6, options=((CUP, 1),), scope=Scope.of(skus=[ord("b")]))
    phone = replace(tea, rule_id=7, scope=Scope.of(skus=[ord("a")]))

    priced = given(line("a"), line("b"), rule=tea, promotions=(phone,), stock={CUP: 1})

    assert [gift.rule_id for gift in priced.gifts] == [6]
    assert [(n.rule_id, n.code) for n in priced.gift_notices] == [(7, "gift_sold_out")]


def test_a_line_counts_for_one_gift_the_most_valuable():
    dearer = GiftWithPurchase(rule_id=6, options=((TRAY, 9_000),), threshold_fen=30_000)

    assert gifts(line(fen=29_999), promotions=(dearer,)) == [(CUP, 1)]
    assert gifts(line(fen=30_000), promotions=(dearer,)) == [(TRAY, 1)]


def test_the_amount_is_what_lanes_1_and_2_left():
    sale = Sale(rule_id=1, prices={ord("a"): 19_999})
    halves = SecondHalfPrice(rule_id=2)

    assert gifts(line(fen=30_000), promotions=(sale,)) == []
    assert gifts(line(fen=13_000, quantity=2), promotions=(halves,)) == []
    assert gifts(line(fen=21_000), shopper=replace(GOLD, tier_rate_bp=5_000)) == [(CUP, 1)]


def test_P_29_300_yuan_show_50_off_and_the_gift_and_299_neither():
    off = ThresholdOff(rule_id=9, steps=((30_000, 5_000),), exclusive_group="spend")
    gift = GiftWithPurchase(
        rule_id=9, options=((CUP, 1_500),), threshold_fen=30_000, exclusive_group="spend"
    )

    both = given(line(fen=30_000), rule=gift, promotions=(off,))
    neither = given(line(fen=29_900), rule=gift, promotions=(off,))

    assert (both.payable_fen, [g.sku_id for g in both.gifts]) == (25_000, [CUP])
    assert (neither.payable_fen, neither.gifts) == (29_900, ())


def test_P_08_a_repurchase_of_200_adds_the_new_product_and_199_99_does_not():
    again = replace(FROM_200, min_orders=1)
    buyer = Shopper(member_id=1, completed_orders=1)

    assert gifts(line(fen=20_000), rule=again, shopper=buyer) == [(CUP, 1)]
    assert gifts(line(fen=19_999), rule=again, shopper=buyer) == []
    assert gifts(line(fen=20_000), rule=again) == []


def test_a_gift_changes_no_step_and_no_amount():
    halves = SecondHalfPrice(rule_id=2)
    basket = (line("a", 20_000, 2), line("b", 100))
    shuts_all = replace(FROM_200, excludes=frozenset(Lane))

    with_gift = given(*basket, rule=shuts_all, promotions=(halves,), shopper=GOLD)
    without = quote(*basket, promotions=(halves,), shopper=GOLD)

    assert with_gift.gifts
    assert replace(with_gift, given=without.given) == without


def test_lines_shut_for_item_offers_or_claimed_by_the_group_earn_no_gift():
    alone = Sale(rule_id=1, prices={ord("a"): 20_000}, excludes=frozenset({Lane.ITEM_OFFER}))
    group = ThresholdOff(rule_id=2, steps=((1, 1),), exclusive_group="g")

    assert gifts(line(fen=30_000), promotions=(alone,)) == []
    assert (
        gifts(line(fen=30_000), rule=replace(FROM_200, exclusive_group="g"), promotions=(group,))
        == []
    )


@pytest.mark.parametrize(
    "change",
    [
        {"gift_choices": {5: POT}},
        {"rule": replace(FROM_200, version=2)},
        {"rule": replace(FROM_200, quantity=2)},
        {"rule": replace(FROM_200, options=((CUP, 1_501),))},
        {"stock": {}},
    ],
)
def test_the_fingerprint_covers_the_gifts(change):
    basket = line(fen=20_000)

    assert quote_hash(given(basket, **change)) != quote_hash(given(basket))


@pytest.mark.parametrize(
    ("fen", "facts", "reason"),
    [
        (19_900, {}, "threshold_not_reached"),
        (20_000, {"rule": replace(FROM_200, pieces=3)}, "quantity_not_reached"),
        (20_000, {"stock": {}}, "gift_sold_out"),
        (20_000, {"rule": replace(FROM_200, min_orders=1)}, "no_earlier_order"),
        (20_000, {"rule": replace(FROM_200, scope=Scope.of(skus=[0]))}, "out_of_scope"),
    ],
)
def test_a_gift_that_is_not_given_says_why(fen, facts, reason):
    rules = Rules((facts.get("rule", FROM_200),), gift_stock=facts.get("stock"))

    (answer,) = why_not(settle(Basket((line(fen=fen),)), ORDINARY, rules, NOON))

    assert (answer.kind, answer.reason) == ("gift", reason)


def test_a_gift_that_lost_its_lines_says_so_and_a_given_one_says_nothing():
    better = GiftWithPurchase(rule_id=6, options=((TRAY, 9_000),))
    rules = Rules((FROM_200, better))

    (answer,) = why_not(settle(Basket((line(fen=20_000),)), ORDINARY, rules, NOON))

    assert (answer.source_id, answer.reason) == (5, "better_rule_chosen")


def test_the_steps_of_the_paid_lines_name_no_gift():
    assert taken(given(line(fen=20_000)), "a") == []


@pytest.mark.parametrize(
    "facts", [{"options": ()}, {"pieces": -1}, {"quantity": 0}, {"threshold_fen": -1}]
)
def test_a_gift_that_cannot_be_is_refused_at_once(facts):
    with pytest.raises(ValueError, match="gift"):
        GiftWithPurchase(rule_id=1, **({"options": ((CUP, 1),)} | facts))
