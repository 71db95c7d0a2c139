"""The sums of restocking, on paper; the rows' own numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.forecast import (
    Demand,
    Level,
    Move,
    Terms,
    balance,
    days_of_supply,
    demand_of,
    is_overstock,
    is_rising,
    loss_rate_bp,
    pieces_by_age,
    pieces_needed,
    plan_order,
    reorder_point,
    safety_stock,
    turn_days,
    turns_hundredths,
)

TODAY = date(2026, 11, 22)


def test_I_04_mean_10_sd_3_lead_7_z_165_keep_14():
    assert safety_stock(300, 7, 165) == 14
    assert reorder_point(1_000, 7, 14) == 84


def test_I_04_mean_and_deviation_of_a_sample():
    assert demand_of([7, 10, 13]) == Demand(1_000, 300)
    assert demand_of([5]) == Demand(500, 0)
    assert demand_of([]) == Demand(0, 0)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=60))
def test_demand_is_never_negative_and_steady_sales_do_not_deviate(days):
    found = demand_of(days)

    assert min(days) * 100 <= found.mean_hundredths <= max(days) * 100
    assert (found.deviation_hundredths == 0) or len(set(days)) > 1


@given(st.integers(0, 10_000), st.integers(1, 365), st.integers(0, 400))
def test_a_safety_stock_is_the_least_that_is_enough(deviation, lead, z):
    square = (deviation * z) ** 2 * lead
    pieces = safety_stock(deviation, lead, z)

    assert (pieces * 10_000) ** 2 >= square
    assert pieces == 0 or ((pieces - 1) * 10_000) ** 2 < square


def test_I_07_1000_at_1_a_day_are_too_many():
    assert days_of_supply(1_000, 100) == 1_000
    assert is_overstock(1_000, 100, 90)
    assert not is_overstock(90, 100, 90)
    assert is_overstock(91, 100, 90)
    assert is_overstock(1, 0, 90), "what never sells lasts for ever"
    assert not is_overstock(0, 0, 90)


@pytest.mark.parametrize(
    ("yesterday", "week", "rises"),
    [(12, 500, True), (10, 500, True), (9, 500, False), (4, 0, False), (5, 0, True)],
)
def test_I_49_12_after_5_a_day_is_a_sharp_rise(yesterday, week, rises):
    assert is_rising(yesterday, week, rise_percent=200, floor=5) is rises


def test_I_37_120_needed_are_300_seven_days_later():
    plan = plan_order(120, Terms(), TODAY)

    assert (plan.pieces, plan.arrives_on) == (300, TODAY + timedelta(days=7))
    other = plan_order(120, Terms(minimum=50, lead_days=3), TODAY)
    assert (other.pieces, other.arrives_on) == (120, TODAY + timedelta(days=3))


def test_what_is_needed_covers_the_sales_until_it_is_used_up():
    assert pieces_needed(available=4, threshold=5) == 11
    assert pieces_needed(available=0, threshold=10, mean_hundredths=1_000) == 380


def level(number, free, threshold, sku=1, in_transit=0):
    return Level(number, sku, number, free, in_transit, threshold)


def test_I_11_the_house_with_most_to_spare_helps_the_short_one():
    assert balance([level(1, 50, 5), level(2, 1, 8), level(3, 30, 5)]) == [Move(2, 1, 1, 2, 7)]
    assert balance([level(1, 9, 5), level(2, 1, 8)]) == [], "it would run short itself"
    assert balance([level(1, 50, 5), level(2, 1, 8, in_transit=7)]) == []
    assert balance([level(1, 50, 5), level(2, 1, 8, sku=2)]) == []


levels = st.lists(
    st.builds(
        Level,
        item_id=st.integers(1, 1_000),
        sku_id=st.integers(1, 3),
        warehouse_id=st.integers(1, 9),
        free=st.integers(0, 200),
        in_transit=st.integers(0, 20),
        threshold=st.integers(0, 50),
    ),
    max_size=20,
    unique_by=(lambda row: row.item_id, lambda row: (row.sku_id, row.warehouse_id)),
)


@given(levels)
def test_no_house_gives_more_than_it_can_spare(rows):
    moves = balance(rows)

    for row in rows:
        given_away = sum(
            move.pieces
            for move in moves
            if (move.sku_id, move.origin_id) == (row.sku_id, row.warehouse_id)
        )
        assert given_away <= row.surplus
        got = sum(move.pieces for move in moves if move.short_item_id == row.item_id)
        assert got <= row.lacking


def test_I_10_what_is_left_came_last():
    receipts = [(5, 10), (40, 10), (100, 10), (400, 10)]

    assert pieces_by_age(15, receipts) == (10, 5, 0, 0)
    assert pieces_by_age(40, receipts) == (10, 10, 10, 10)
    assert pieces_by_age(45, receipts) == (10, 10, 10, 15)
    assert pieces_by_age(0, receipts) == (0, 0, 0, 0)


def test_I_10_1200_sold_of_100_on_average_are_12_turns():
    assert turns_hundredths(1_200, 100) == 1_200
    assert turn_days(365, 1_200) == 30
    assert turns_hundredths(1_200, 0) is None
    assert turn_days(365, None) is None


def test_I_52_2_of_1000_are_a_fifth_of_a_percent():
    assert loss_rate_bp(2, 1_000) == 20
    assert loss_rate_bp(2, 0) is None
