"""Where the ink goes: round scales, every value inside, from edge to edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.console.charts import line_chart, percent, scale


@pytest.mark.parametrize(
    ("largest", "least", "ticks"),
    [
        (0, 1, [0, 1, 2]),
        (3, 1, [0, 1, 2, 3]),
        (7, 1, [0, 2, 4, 6, 8]),
        (43, 1, [0, 10, 20, 30, 40, 50]),
        (299_999, 100, [0, 100_000, 200_000, 300_000]),
        (0, 100, [0, 100, 200]),
    ],
)
def test_a_scale_has_round_numbers_up_to_the_largest(largest, least, ticks):
    assert scale(largest, least) == ticks


@given(st.integers(0, 10**12), st.sampled_from([1, 100]))
def test_every_scale_is_short_even_and_reaches_the_largest(largest, least):
    ticks = scale(largest, least)

    assert 3 <= len(ticks) <= 6
    assert ticks[-1] >= largest
    assert {b - a for a, b in zip(ticks, ticks[1:], strict=False)} == {ticks[1]}
    assert ticks[1] % least == 0


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=366))
def test_every_value_is_drawn_inside_the_chart(values):
    chart = line_chart([values], height=200)

    assert all(0 <= y <= 200 for y in chart.heights[0])
    assert all(0 <= slot.x <= 1000 for slot in chart.slots)
    assert sum(slot.is_main for slot in chart.slots) == min(4, len(values))
    assert chart.slots[0].is_named
    assert chart.slots[-1].is_named


def test_a_line_goes_from_edge_to_edge_and_higher_is_further_up():
    chart = line_chart([[0, 5, 10], [10, 10, 0]], height=100)

    assert chart.lines == ("0,100 500,50 1000,0", "0,0 500,0 1000,100")
    assert [(tick.y, tick.value) for tick in chart.ticks][-1] == (0, 10)


def test_one_day_stands_in_the_middle():
    assert line_chart([[3]]).slots[0].percent == "50.0"


@pytest.mark.parametrize("series", [[], [[]], [[1, 2], [1]]])
def test_series_of_different_length_are_refused(series):
    with pytest.raises(ValueError, match="one length"):
        line_chart(series)


def test_thousandths_are_percent():
    assert [percent(0), percent(125), percent(1000)] == ["0.0", "12.5", "100.0"]
