"""Laws and examples of money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.kernel.money import at_rate, half_up, rate_off, split, yuan


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=50))
def test_split_loses_no_fen(amount, weights):
    parts = split(amount, weights)

    assert sum(parts) == amount
    assert len(parts) == len(weights)
    assert all(part >= 0 for part in parts)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**7), min_size=1, max_size=50))
def test_split_is_within_one_fen_of_the_exact_share(amount, weights):
    total = sum(weights)

    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(part * total - amount * weight) < total


def test_split_gives_the_fen_left_over_to_the_largest_remainders():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [0, 0]) == [5, 5]
    assert split(5, [7, 0]) == [5, 0]


@pytest.mark.parametrize(("amount", "weights"), [(1, []), (-1, [1]), (1, [-1, 2])])
def test_split_refuses_what_it_cannot_split(amount, weights):
    with pytest.raises(ValueError, match=r"split\(\)"):
        split(amount, weights)


def test_halves_go_up():
    assert half_up(1, 2) == 1
    assert half_up(3, 2) == 2
    assert half_up(49, 100) == 0


def test_a_rate_and_what_it_takes_off_add_up_to_the_amount():
    assert at_rate(25_000, 9_500) == 23_750
    assert rate_off(25_000, 9_500) == 1_250


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_a_rate_never_takes_more_than_there_is(amount, rate):
    assert 0 <= rate_off(amount, rate) <= amount


def test_yuan_shows_every_fen():
    assert yuan(42_720) == "427.20"
    assert yuan(-5) == "\u22120.05"
    assert yuan(123_456_789) == "1,234,567.89"
