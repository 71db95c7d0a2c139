"""Sums of luck: a packet adds up to the fen, a draw keeps its odds. Rows P-35 and M-32."""

import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotions.chance import draw_share, odds_ppm, pick


def shares_of(total_fen, count, below):
    left, shares = total_fen, []
    for still in range(count, 0, -1):
        shares.append(draw_share(left, still, below))
        left -= shares[-1]
    return shares


def test_P_35_a_packet_of_10_yuan_for_5_people_is_10_yuan_exactly():
    for _n in range(200):
        shares = shares_of(1_000, 5, secrets.randbelow)

        assert sum(shares) == 1_000
        assert len(shares) == 5
        assert min(shares) >= 1


@given(st.integers(1, 200), st.integers(0, 10**7), st.data())
def test_shares_add_up_exactly_and_each_is_a_fen_at_least(count, more, data):
    total = count + more
    shares = shares_of(total, count, lambda n: data.draw(st.integers(0, n - 1)))

    assert sum(shares) == total
    assert len(shares) == count
    assert min(shares) >= 1


@given(st.integers(2, 200), st.integers(0, 10**7))
def test_no_share_before_the_last_is_twice_the_mean(count, more):
    total = count + more

    assert draw_share(total, count, lambda n: n - 1) <= max(2 * total // count - 1, 1)


@given(st.integers(1, 50), st.integers(0, 10**5))
def test_any_share_has_the_mean_of_what_is_left(count, more):
    """Even chances from 1 to twice the mean less 1: half-way between is the mean, but for a fen."""
    total = count + more
    low, high = draw_share(total, count, lambda _n: 0), draw_share(total, count, lambda n: n - 1)

    assert abs((low + high) * count - 2 * total) <= count


@pytest.mark.parametrize(("left_fen", "left_shares"), [(4, 5), (0, 1), (5, 0)])
def test_without_a_fen_for_each_there_is_no_share(left_fen, left_shares):
    with pytest.raises(ValueError, match="shares"):
        draw_share(left_fen, left_shares, secrets.randbelow)


def test_every_ticket_finds_its_prize():
    weights = [1, 0, 3, 6]

    found = Counter(pick(weights, lambda _n, t=ticket: t) for ticket in range(sum(weights)))

    assert found == {0: 1, 2: 3, 3: 6}


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any), st.data())
def test_a_pick_is_always_a_prize_with_weight(weights, data):
    index = pick(weights, lambda n: data.draw(st.integers(0, n - 1)))

    assert weights[index] > 0


@pytest.mark.parametrize("weights", [[], [0], [2, -1]])
def test_no_weights_no_draw(weights):
    with pytest.raises(ValueError, match=r"weights|empty"):
        pick(weights, secrets.randbelow)


def test_M_32_odds_are_published_and_what_is_gone_falls_to_the_blank():
    assert odds_ppm([70, 20, 9, 1], [False] * 4, 0) == [700_000, 200_000, 90_000, 10_000]
    assert odds_ppm([70, 20, 9, 1], [False, True, False, True], 0) == [910_000, 0, 90_000, 0]


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), min_size=1, max_size=20).filter(
        lambda rows: any(weight for weight, _gone in rows)
    )
)
def test_published_odds_add_up_to_a_million(rows):
    weights = [weight for weight, _gone in rows]
    gone = [False, *(is_gone for _weight, is_gone in rows[1:])]

    odds = odds_ppm(weights, gone, 0)

    assert sum(odds) == 1_000_000
    assert all(odd == 0 for odd, is_gone in zip(odds, gone, strict=True) if is_gone)
