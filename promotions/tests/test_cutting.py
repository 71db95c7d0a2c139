"""Cuts of a bargain as sums. Row P-34."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotions.chance import draw_cut


def cuts_of(to_floor_fen, most_helps, below):
    cuts = []
    for helps in range(most_helps):
        left = to_floor_fen - sum(cuts)
        cuts.append(draw_cut(to_floor_fen=left, helps=helps, most_helps=most_helps, below=below))
    return cuts


def test_P_34_ten_cuts_from_80_yuan_to_50_are_30_yuan_exactly():
    for _n in range(200):
        cuts = cuts_of(3_000, 10, secrets.randbelow)

        assert sum(cuts) == 3_000
        assert len(cuts) == 10
        assert min(cuts) >= 1


@given(st.integers(1, 200), st.integers(0, 10**7), st.data())
def test_cuts_add_up_to_start_less_floor_whatever_chance_says(helps, more, data):
    cuts = cuts_of(helps + more, helps, lambda n: data.draw(st.integers(0, n - 1)))

    assert sum(cuts) == helps + more
    assert min(cuts) >= 1


@given(st.integers(2, 200), st.integers(0, 10**7), st.data())
def test_the_floor_is_never_reached_before_the_last_cut(helps, more, data):
    cuts = cuts_of(helps + more, helps, lambda n: data.draw(st.integers(0, n - 1)))

    assert sum(cuts[:-1]) < helps + more


def test_more_friends_than_are_needed_cut_nothing():
    with pytest.raises(ValueError, match="shares"):
        draw_cut(to_floor_fen=0, helps=3, most_helps=3, below=secrets.randbelow)
