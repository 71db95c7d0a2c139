from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.ladder import (
    is_ladder,
    next_tier,
    points_due,
    points_earned,
    streak_before,
    tier_for,
    week_points,
)


@dataclass(frozen=True)
class Step:
    threshold_fen: int


LADDER = [Step(0), Step(1), Step(30_000), Step(100_001)]


@pytest.mark.parametrize(
    ("growth_fen", "threshold_fen"),
    [
        (0, 0),
        (1, 1),
        (29_999, 1),
        (30_000, 30_000),
        (100_000, 30_000),
        (100_001, 100_001),
        (10**12, 100_001),
    ],
)
def test_growth_reaches_the_highest_step_at_or_below_it(growth_fen, threshold_fen):
    assert tier_for(growth_fen, LADDER).threshold_fen == threshold_fen


@given(st.integers(0, 10**9), st.permutations(LADDER))
def test_the_order_of_the_steps_changes_nothing_and_the_next_one_is_above(growth_fen, ladder):
    tier, above = tier_for(growth_fen, ladder), next_tier(growth_fen, ladder)

    assert tier == tier_for(growth_fen, LADDER)
    assert tier.threshold_fen <= growth_fen
    assert above is None or tier.threshold_fen < above.threshold_fen


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_growth_never_means_a_lower_tier(growth_fen, more_fen):
    low, high = tier_for(growth_fen, LADDER), tier_for(growth_fen + more_fen, LADDER)

    assert low.threshold_fen <= high.threshold_fen


def test_a_ladder_without_a_step_at_zero_is_refused():
    with pytest.raises(ValueError, match="zero"):
        tier_for(5, [Step(10)])


@pytest.mark.parametrize(
    ("thresholds_fen", "is_one"),
    [
        ([0, 1, 5], True),
        ([0], True),
        ([], False),
        ([1, 2], False),
        ([0, 5, 5], False),
        ([0, 5, 3], False),
    ],
)
def test_a_ladder_rises_from_zero(thresholds_fen, is_one):
    assert is_ladder(thresholds_fen) is is_one


@pytest.mark.parametrize(
    ("paid_fen", "points_rate_bp", "points"),
    [
        (10_000, 10_000, 100),
        (10_000, 12_000, 120),
        (99, 10_000, 0),
        (199, 10_000, 1),
        (0, 15_000, 0),
    ],
)
def test_a_yuan_kept_is_a_point(paid_fen, points_rate_bp, points):
    assert points_earned(paid_fen, points_rate_bp) == points


@pytest.mark.parametrize(("past", "gone", "due"), [(100, 0, 100), (100, 80, 20), (100, 130, 0)])
def test_what_left_counts_against_the_oldest(past, gone, due):
    assert points_due(past, gone) == due


@given(st.lists(st.integers(0, 365), max_size=60))
def test_a_streak_counts_the_days_right_before(offsets):
    today = date(2026, 11, 22)
    done = {today - timedelta(days=offset) for offset in offsets}

    streak = streak_before(today, done)

    assert all(today - timedelta(days=step) in done for step in range(1, streak + 1))
    assert today - timedelta(days=streak + 1) not in done


def test_after_seven_days_the_week_begins_again():
    ladder = [5, 5, 5, 10, 10, 10, 30]

    assert [week_points(streak, ladder) for streak in (1, 4, 7, 8, 14)] == [5, 10, 30, 5, 30]
