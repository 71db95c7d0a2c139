"""The law of refunds: any baskets, every promotion kind, any sequence of partial refunds."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.refunds import (
    CHARGE,
    KEEP,
    Kind,
    SoldLine,
    Terms,
    clawback,
    cum,
    due,
    points_by_line,
    spread,
    work_out,
)
from promotions.engine import Lane, Quote, price
from promotions.testing import AT, engine_cases

HALF = SoldLine(id=1, position=1, quantity=2, payable_fen=30_000, shipped=2)
WHOLE = SoldLine(id=2, position=2, quantity=1, payable_fen=10_000, shipped=1)
GIFT = SoldLine(
    id=3,
    position=3,
    quantity=1,
    payable_fen=0,
    shipped=1,
    is_gift=True,
    value_fen=2_000,
    gift_for=(1,),
)


def test_O_45_refund_of_one_of_two_lines_returns_its_share():
    answer = work_out([HALF, WHOLE], Kind.RETURN_REFUND, {2: 1}, Terms(freight_left_fen=800))

    assert (answer.goods_fen, answer.freight_fen, answer.is_whole) == (10_000, 0, False)


def test_freight_of_an_unshipped_order_comes_back_with_its_last_piece():
    lines = [replace(HALF, shipped=0), replace(WHOLE, shipped=0)]
    terms = Terms(freight_left_fen=800)

    part = work_out(lines, Kind.REFUND_ONLY, {1: 2}, terms)
    whole = work_out(lines, Kind.REFUND_ONLY, {1: 2, 2: 1}, terms)

    assert (part.money_fen, part.is_whole) == (30_000, False)
    assert (whole.money_fen, whole.is_whole) == (40_800, True)
    assert [line.unshipped for line in whole.lines] == [2, 1]


def test_freight_of_sent_goods_comes_back_for_the_shops_fault_only():
    fault = Terms(freight_left_fen=800, at_fault=True)

    assert work_out([WHOLE], Kind.RETURN_REFUND, {2: 1}, fault).freight_fen == 800
    assert work_out([WHOLE], Kind.RETURN_REFUND, {2: 1}, Terms(freight_left_fen=800)).money_fen == (
        10_000
    )


def test_a_gift_goes_along_when_the_last_of_its_goods_does():
    first = work_out([HALF, WHOLE, GIFT], Kind.RETURN_REFUND, {1: 1}, Terms())
    last_of = replace(HALF, taken=1, counted=1, entitled_fen=15_000)
    last = work_out([last_of, WHOLE, GIFT], Kind.RETURN_REFUND, {1: 1}, Terms())

    assert [line.line_id for line in first.lines] == [1]
    assert [(line.line_id, line.is_gift) for line in last.lines] == [(1, False), (3, True)]
    assert last.money_fen == 15_000


def test_a_gift_that_stays_is_charged_at_its_declared_value_when_the_policy_says_so():
    wish = ([HALF, GIFT], Kind.RETURN_REFUND, {1: 2})

    charged = work_out(*wish, Terms(gift_policy=CHARGE))
    kept = work_out(*wish, Terms(gift_policy=KEEP))
    our_fault = work_out(*wish, Terms(gift_policy=CHARGE, at_fault=True))

    assert (charged.gift_charge_fen, charged.money_fen) == (2_000, 28_000)
    assert (kept.gift_charge_fen, kept.money_fen) == (0, 30_000)
    assert our_fault.gift_charge_fen == 0


def test_an_exchange_brings_no_money_back():
    answer = work_out([HALF], Kind.EXCHANGE, {1: 1}, Terms(freight_left_fen=800, at_fault=True))

    assert (answer.money_fen, answer.points_back, answer.is_whole) == (0, 0, False)


def test_more_than_is_free_is_refused():
    with pytest.raises(ValueError, match="more pieces"):
        work_out([replace(HALF, taken=1)], Kind.RETURN_REFUND, {1: 2}, Terms())


def test_a_refund_over_two_payments_takes_the_last_one_first():
    assert spread(9_000, [(2, 8_000), (1, 2_000)]) == [(2, 8_000), (1, 1_000)]
    with pytest.raises(ValueError, match="not enough"):
        spread(10_001, [(2, 8_000), (1, 2_000)])


@given(st.integers(0, 10**6), st.integers(1, 12), st.data())
def test_withdrawn_cases_leave_no_fen_behind(amount, quantity, data):
    cases_open: list[tuple[int, int]] = []
    while (left := quantity - sum(n for n, _fen in cases_open)) > 0:
        if cases_open and data.draw(st.integers(0, 3)) == 0:
            cases_open.pop(data.draw(st.integers(0, len(cases_open) - 1)))
            if data.draw(st.booleans()):
                continue
            left = quantity - sum(n for n, _fen in cases_open)
        counted = sum(n for n, _fen in cases_open)
        given_fen = sum(fen for _n, fen in cases_open)
        number = data.draw(st.integers(1, left))
        cases_open.append((number, due(amount, quantity, counted, given_fen, number)))

    assert all(fen >= 0 for _n, fen in cases_open)
    assert sum(fen for _n, fen in cases_open) == amount


@given(st.integers(0, 10**5), st.integers(1, 10**7), st.lists(st.integers(1, 9), max_size=8))
def test_INV_20_points_taken_back_sum_up_to_what_was_earned(earned, paid_fen, weights):
    kept, taken = paid_fen, 0
    for weight in weights:
        after = kept * weight // 10
        taken += clawback(earned, paid_fen, kept, after)
        kept = after
    taken += clawback(earned, paid_fen, kept, 0)

    assert taken == earned


def sold(quote: Quote) -> list[SoldLine]:
    """A priced basket as the lines of an order that has been shipped whole, gifts behind."""
    with_points = [
        sum(step.amount_fen for step in line.steps if step.lane is Lane.POINTS)
        for line in quote.lines
    ]
    points = points_by_line(quote.points.used, with_points) if quote.lines else []
    places = {line.key: place for place, line in enumerate(quote.lines, 1)}
    lines = [
        SoldLine(
            id=place,
            position=place,
            quantity=line.quantity,
            payable_fen=line.payable_fen,
            points=points[place - 1],
            shipped=line.quantity,
        )
        for place, line in enumerate(quote.lines, 1)
    ]
    gifts = [
        SoldLine(
            id=100 + place,
            position=100 + place,
            quantity=gift.quantity,
            payable_fen=0,
            shipped=gift.quantity,
            is_gift=True,
            value_fen=gift.value_fen * gift.quantity,
            gift_for=tuple(places[key] for key in gift.line_keys),
        )
        for place, gift in enumerate(quote.gifts)
    ]
    return lines + gifts


def settle(lines: list[SoldLine], answer) -> list[SoldLine]:
    """The lines after a refund."""
    rows = {row.line_id: row for row in answer.lines}
    return [
        replace(
            line,
            taken=line.taken + rows[line.id].quantity,
            counted=line.counted + rows[line.id].quantity,
            entitled_fen=line.entitled_fen + rows[line.id].entitled_fen,
            points_back=line.points_back + rows[line.id].points_back,
        )
        if line.id in rows
        else line
        for line in lines
    ]


def refund_all(case, data) -> None:
    basket, shopper, rules = case
    quote = price(basket, shopper, rules, AT)
    lines = sold(quote)
    left_fen, money_fen, points = quote.freight_fen, 0, 0
    answers = []
    while any(line.free for line in lines if not line.is_gift):
        free = [line for line in lines if line.free and not line.is_gift]
        picked = data.draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        wanted = {line.id: data.draw(st.integers(1, line.free)) for line in picked}
        fault = data.draw(st.booleans())
        terms = Terms(freight_left_fen=left_fen, at_fault=fault)
        answer = work_out(lines, Kind.RETURN_REFUND, wanted, terms)
        lines = settle(lines, answer)
        left_fen -= answer.freight_fen
        money_fen += answer.money_fen
        points += answer.points_back
        answers.append(answer)

    paid_for_goods = sum(line.payable_fen for line in quote.lines)
    assert money_fen == paid_for_goods + quote.freight_fen - left_fen
    assert left_fen in (0, quote.freight_fen)
    assert points == quote.points.used
    assert [answer.is_whole for answer in answers] == [False] * (len(answers) - 1) + [True] * bool(
        answers
    )
    assert all(line.free == 0 for line in lines if line.is_gift)


@settings(max_examples=60, deadline=None)
@given(engine_cases(), st.data())
def test_law_any_partial_refunds_return_exactly_what_was_paid(case, data):
    refund_all(case, data)


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(engine_cases(), st.data())
def test_law_any_partial_refunds_return_exactly_what_was_paid_at_length(case, data):
    refund_all(case, data)


def test_pieces_of_a_line_are_worth_what_the_engine_says():
    assert [cum(100, 3, pieces) for pieces in range(4)] == [0, 33, 67, 100]
