"""The days a report is asked for: named ones, own ones, and the usual ones for nonsense."""

from datetime import date

import pytest
from django.http import QueryDict

from mall.console.spans import choose, named

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 3, 1), date(2026, 3, 1)),
        ("yesterday", date(2026, 2, 28), date(2026, 2, 28)),
        ("7d", date(2026, 2, 23), date(2026, 3, 1)),
        ("30d", date(2026, 1, 31), date(2026, 3, 1)),
        ("month", date(2026, 3, 1), date(2026, 3, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_named_spans_end_today_or_before(name, first, last):
    assert named(name, TODAY) == (first, last)


def test_own_dates_are_taken_and_can_be_asked_for_again():
    chosen = choose(QueryDict("first=2026-02-03&last=2026-02-05"), TODAY)

    assert (chosen.first, chosen.last, chosen.name) == (date(2026, 2, 3), date(2026, 2, 5), "")
    assert choose(QueryDict(chosen.query), TODAY).first == chosen.first


@pytest.mark.parametrize(
    "query",
    [
        "first=2026-02-05&last=2026-02-03",
        "first=2026-02-05&last=2026-03-02",
        "first=2025-02-01&last=2026-03-01",
        "first=2026-02-05",
        "first=2026-02-30&last=2026-03-01",
        "first=%00&last=%EF%BC%91",
    ],
)
def test_days_that_make_no_span_are_refused_and_the_usual_ones_shown(query):
    chosen = choose(QueryDict(query), TODAY)

    assert chosen.form.errors
    assert (chosen.first, chosen.last) == named("7d", TODAY)


def test_an_unknown_name_is_the_usual_one():
    assert choose(QueryDict("span=forever"), TODAY).name == "7d"
