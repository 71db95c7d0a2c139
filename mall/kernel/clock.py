"""The one clock. Instants are aware UTC; a business day is a Shanghai calendar day.

Verbs take ``at``; only doors and tasks call :func:`now`. Source: design.md, section 4.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The business day (Asia/Shanghai) in which the instant ``at`` lies."""
    return at.astimezone(SHANGHAI).date()


def bounds(day: date) -> tuple[datetime, datetime]:
    """The half-open interval ``[start, end)`` of one business day, as UTC instants."""
    start = datetime.combine(day, time(), SHANGHAI)
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return start.astimezone(UTC), end.astimezone(UTC)
