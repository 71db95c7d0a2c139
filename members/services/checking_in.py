"""Checking in: once a Shanghai day, more for days in a row. Source: requirement M-25, INV-21."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from mall.kernel import clock
from members.errors import CheckedInAlready
from members.ladder import streak_before, week_points
from members.models import LoyaltyPolicy, PointsAccount, PointsEntry
from members.services.earning import earn_points

SOURCE = "day"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A day that was checked in: the how many-th in a row, and what it brought."""

    day: date
    streak: int
    points: int


@transaction.atomic
def check_in(*, member_id: int, at: datetime) -> CheckIn:
    """Check in for the business day of ``at``.

    Locks: the points account. Raises: CheckedInAlready.
    """
    day = clock.day_of(at)
    account = PointsAccount.objects.locked().get(member_id=member_id)
    ladder = LoyaltyPolicy.objects.get(pk=1).check_in_points
    done = days_checked_in(account.pk, since=day - timedelta(days=366))
    if day in done:
        raise CheckedInAlready
    streak = streak_before(day, done) + 1
    points = week_points(streak, ladder)
    earn_points(
        member_id=member_id,
        points=points,
        source_type=SOURCE,
        source_id=day.isoformat(),
        at=at,
        kind=PointsEntry.Kind.CHECK_IN,
    )
    return CheckIn(day=day, streak=streak, points=points)


def days_checked_in(account_id: int, *, since: date) -> set[date]:
    """The days from ``since`` on that were checked in. Queries: 1."""
    entries = PointsEntry.objects.filter(
        account_id=account_id, kind=PointsEntry.Kind.CHECK_IN, source_type=SOURCE
    )
    days = entries.filter(source_id__gte=since.isoformat()).values_list("source_id", flat=True)
    return {date.fromisoformat(day) for day in days}
