"""How long a warranty of so many months lasts. Pure. Source: O-30; F-43."""

from calendar import monthrange
from datetime import date


def last_day(begins_on: date, months: int) -> date:
    """The same day of a later month, or the last day of one that is shorter.

    >>> last_day(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> last_day(date(2027, 1, 31), 13)
    datetime.date(2028, 2, 29)
    """
    years, place = divmod(begins_on.month - 1 + months, 12)
    year, month = begins_on.year + years, place + 1
    return date(year, month, min(begins_on.day, monthrange(year, month)[1]))
