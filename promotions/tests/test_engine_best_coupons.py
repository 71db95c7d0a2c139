"""The best set of coupons: proven against every set there is, bounded beyond twelve."""

from dataclasses import replace
from itertools import product
from time import process_time

import pytest
from hypothesis import strategies as st

from promotions.engine import (
    Basket,
    CouponAmount,
    CouponExchange,
    CouponFreight,
    CouponRate,
    CouponRefused,
    FreeFreight,
    Rules,
    Scope,
    best_coupons,
    price,
    settle,
)
from promotions.engine.best_coupons import EXACT_UP_TO
from promotions.tests.engine_builders import GOLD, NOON, ORDINARY, PARCEL, law, line
from promotions.tests.engine_strategies import cases, coupons

SENT = Rules(templates={1: PARCEL})
groups = st.sampled_from(["", "brand", "freight", "gift"])
wallets = st.lists(st.builds(lambda c, g: replace(c, group=g), coupons, groups), max_size=7).map(
    lambda wallet: [replace(coupon, rule_id=n) for n, coupon in enumerate(wallet, 1)]
)


def cheapest_of_all_sets(basket, shopper, rules, wallet):
    """Brute force: price every choice of at most one coupon a group, keep what is not refused."""
    by_group = {}
    for coupon in wallet:
        by_group.setdefault(coupon.group, [None]).append(coupon)
    totals = []
    for choice in product(*by_group.values()):
        chosen = tuple(coupon for coupon in choice if coupon)
        try:
            totals.append(price(replace(basket, coupons=chosen), shopper, rules, NOON).payable_fen)
        except CouponRefused:
            continue
    return min(totals)


@law(cases(), wallets)
def test_no_set_of_the_wallet_is_cheaper_than_the_best(case, wallet):
    basket, shopper, rules = case
    bare = replace(basket, coupons=(), points=0)

    best = best_coupons(settle(bare, shopper, rules, NOON), wallet)

    used = price(replace(bare, coupons=best.coupons), shopper, rules, NOON)
    assert best.is_exact
    assert best.payable_fen == best.bound_fen == used.payable_fen
    assert used.payable_fen == cheapest_of_all_sets(bare, shopper, rules, wallet)


def on(sku, **facts):
    return {"coupon_id": 1, "scope": Scope.of(skus=[ord(sku)]), **facts}


def goods(count=12):
    return tuple(line(chr(ord("a") + n), 10_000 + n) for n in range(count))


def wallet_of(count, *, overlapping=True):
    """A coupon a line, each in a group of its own; every second one overlaps with the next."""
    return [
        CouponAmount(
            rule_id=n + 1,
            coupon_id=1,
            off_fen=1_000 + 37 * n,
            group=f"g{n}",
            scope=Scope.of(skus=[97 + n % 12, 97 + (n + n % 2 * overlapping) % 12]),
        )
        for n in range(count)
    ]


def test_twelve_coupons_of_twelve_groups_are_searched_exactly():
    basket, wallet = Basket(goods()), wallet_of(EXACT_UP_TO)

    best = best_coupons(settle(basket, ORDINARY, Rules(), NOON), wallet)

    assert best.is_exact
    assert best.payable_fen == cheapest_of_all_sets(basket, ORDINARY, Rules(), wallet)


def test_beyond_twelve_the_answer_comes_with_its_bound_and_in_time():
    wallet = [
        CouponRate(
            rule_id=n + 1,
            coupon_id=1,
            rate_bp=9_000 - 10 * n,
            group=f"g{n}",
            scope=Scope.of(skus=[97 + n % 12, 97 + n * 5 % 12, 97 + n * 7 % 12]),
        )
        for n in range(40)
    ]
    settlement = settle(Basket(goods()), ORDINARY, Rules(), NOON)

    started = process_time()
    best = best_coupons(settlement, wallet)

    assert process_time() - started < 2
    assert not best.is_exact
    assert best.bound_fen < best.payable_fen < settlement.quote.payable_fen
    used = price(Basket(goods(), coupons=best.coupons), ORDINARY, Rules(), NOON)
    assert used.payable_fen == best.payable_fen


def test_a_large_wallet_of_one_group_is_still_exact():
    wallet = [replace(coupon, group="", scope=Scope()) for coupon in wallet_of(30)]

    best = best_coupons(settle(Basket(goods()), ORDINARY, Rules(), NOON), wallet)

    assert best.is_exact
    assert [coupon.grant_id for coupon in best.coupons] == [30]


def test_O_07_the_best_combination_takes_one_coupon_of_each_group():
    shop = CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000)
    more = CouponAmount(rule_id=2, coupon_id=2, off_fen=1_200)
    brand = CouponAmount(rule_id=3, off_fen=1_500, group="brand", **on("b"))
    sent = CouponFreight(rule_id=4, coupon_id=4, group="freight")
    basket = Basket((line("a", template_id=1), line("b", template_id=1)), "110101")

    best = best_coupons(settle(basket, ORDINARY, SENT, NOON), (shop, more, brand, sent))

    assert [coupon.grant_id for coupon in best.coupons] == [2, 3, 4]
    assert best.payable_fen == 20_000 - 1_200 - 1_500


def test_O_07_two_exclusive_coupons_are_refused_together_with_the_reason():
    pair = (
        CouponAmount(rule_id=1, coupon_id=1, off_fen=1_000),
        CouponRate(rule_id=2, coupon_id=2, rate_bp=8_000),
    )

    with pytest.raises(CouponRefused) as refused:
        price(Basket((line(),), coupons=pair), ORDINARY, Rules(), NOON)

    assert (refused.value.grant_id, refused.value.reason_code) == (2, "exclusive_group")


def test_a_coupon_that_would_cost_the_free_freight_is_left_out():
    rules = Rules((FreeFreight(rule_id=1, threshold_fen=10_000),), templates={1: PARCEL})
    small = CouponAmount(rule_id=5, coupon_id=1, off_fen=400)

    best = best_coupons(settle(Basket((line(template_id=1),), "11"), GOLD, rules, NOON), [small])

    assert best.payable_fen <= 10_000
    ordinary = best_coupons(
        settle(Basket((line(template_id=1),), "11"), ORDINARY, rules, NOON), [small]
    )
    assert (ordinary.coupons, ordinary.payable_fen, ordinary.is_exact) == ((), 10_000, True)


def test_ties_go_to_fewer_coupons_then_to_the_one_that_ends_first():
    late = CouponAmount(rule_id=1, coupon_id=1, off_fen=10_000)
    soon = replace(late, rule_id=2, ends_at=NOON.replace(year=2027))
    other = CouponExchange(rule_id=3, group="x", **on("a"))

    best = best_coupons(settle(Basket((line(),)), ORDINARY, Rules(), NOON), (late, soon, other))

    assert [coupon.grant_id for coupon in best.coupons] == [2]


def test_chosen_coupons_do_not_sway_the_search():
    settlement = settle(
        Basket((line(template_id=1),), "11", coupons=(wallet_of(1)[0],)), ORDINARY, SENT, NOON
    )
    sent = CouponFreight(rule_id=4, coupon_id=4, threshold_fen=10_000)

    assert best_coupons(settlement, [sent]).coupons == (sent,)


def test_an_empty_wallet_uses_nothing():
    best = best_coupons(settle(Basket((line(),)), ORDINARY, Rules(), NOON), ())

    assert (best.coupons, best.payable_fen, best.is_exact) == ((), 10_000, True)
