"""Business days are Shanghai days (F-42)."""

from datetime import UTC, date, datetime

from mall.kernel import clock


def test_F_42_the_day_turns_at_midnight_in_shanghai():
    assert clock.day_of(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.day_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_bounds_are_half_open_and_hold_their_own_day():
    start, end = clock.bounds(date(2026, 11, 22))

    assert start == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert end == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert clock.day_of(start) == date(2026, 11, 22)
    assert clock.day_of(end) == date(2026, 11, 23)
