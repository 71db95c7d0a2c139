"""The days of the year that shops plan for: which days an event falls on. Source: requirement P-42.

Festivals of the Chinese calendar move; their days are listed, not computed.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOVING: Mapping[str, Sequence[str]] = {
    "spring_festival": (
        "2025-01-29",
        "2026-02-17",
        "2027-02-06",
        "2028-01-26",
        "2029-02-13",
        "2030-02-03",
        "2031-01-23",
    ),
    "dragon_boat": (
        "2025-05-31",
        "2026-06-19",
        "2027-06-09",
        "2028-05-28",
        "2029-06-16",
        "2030-06-05",
        "2031-06-24",
    ),
    "qixi": (
        "2025-08-29",
        "2026-08-19",
        "2027-08-08",
        "2028-08-26",
        "2029-08-16",
        "2030-08-05",
        "2031-08-24",
    ),
    "mid_autumn": (
        "2025-10-06",
        "2026-09-25",
        "2027-09-15",
        "2028-10-03",
        "2029-09-22",
        "2030-09-12",
        "2031-10-01",
    ),
}
"""Festival -> its first day in each year. Source: the published Chinese calendar."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an event falls: a fixed day (``month`` None: of every month), or a moving festival."""

    month: int | None
    day: int
    days: int = 1
    lunar: str = ""


def days_in_month(occasion: Occasion, year: int, month: int) -> list[date]:
    """The days of this month on which the event is on, in order.

    >>> days_in_month(Occasion(month=6, day=18), 2026, 6)
    [datetime.date(2026, 6, 18)]
    >>> days_in_month(Occasion(month=None, day=8), 2026, 2)
    [datetime.date(2026, 2, 8)]
    """
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    return [
        day
        for begins in _beginnings(occasion, first)
        for day in (begins + timedelta(days=n) for n in range(occasion.days))
        if first <= day <= last
    ]


def _beginnings(occasion: Occasion, first: date) -> Iterator[date]:
    """Where the event begins near the month of ``first``: it may reach into it from before."""
    if occasion.lunar:
        yield from (date.fromisoformat(day) for day in MOVING.get(occasion.lunar, ()))
        return
    months = {(first.year, first.month), _month_before(first), _month_before(first, 2)}
    for year, month in sorted(months):
        if occasion.month in (None, month) and occasion.day <= monthrange(year, month)[1]:
            yield date(year, month, occasion.day)


def _month_before(day: date, count: int = 1) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 - count
    return months // 12, months % 12 + 1
