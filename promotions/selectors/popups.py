"""Which pop-ups a visitor may see on a page now. Source: requirement P-62."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from mall.kernel import clock
from members.models import Member, SegmentMember
from promotions.models import PopUp, PopUpSight
from promotions.selectors.pages import NEW_MEMBER


def pop_ups(
    *, place: str, at: datetime, viewer: str, member: Member | None = None, region_code: str = ""
) -> list[PopUp]:
    """The pop-ups for this place and visitor that they have not seen enough of today, nor closed
    within its days of rest. Queries: 1 to 3."""
    rows = PopUp.objects.on(at).select_related("media").order_by("sort", "pk")
    found = [
        row
        for row in rows
        if (not row.places or place in row.places) and _is_there(row, region_code)
    ]
    found = [row for row in found if _is_for(row, member, at)]
    found = _of_segments(found, member)
    return _not_tired(found, viewer, at)


def _is_there(row: PopUp, region_code: str) -> bool:
    return not row.region_prefixes or any(
        region_code.startswith(prefix) for prefix in row.region_prefixes
    )


def _is_for(row: PopUp, member: Member | None, at: datetime) -> bool:
    who = PopUp.Who
    if member is None:
        return row.who in (who.EVERYBODY, who.GUESTS)
    return {
        who.GUESTS: False,
        who.NEW: at - member.joined_at < NEW_MEMBER,
        who.TIERS: member.tier.code in row.tier_codes,
    }.get(who(row.who), True)


def _of_segments(rows: list[PopUp], member: Member | None) -> list[PopUp]:
    of_one = [row for row in rows if row.who == PopUp.Who.SEGMENT]
    if not of_one:
        return rows
    asked = [row.segment_id for row in of_one if row.segment_id is not None]
    mine = set(
        SegmentMember.objects.filter(member=member, segment_id__in=asked).values_list(
            "segment_id", flat=True
        )
    )
    return [row for row in rows if row.who != PopUp.Who.SEGMENT or row.segment_id in mine]


def _not_tired(rows: list[PopUp], viewer: str, at: datetime) -> list[PopUp]:
    if not rows or not viewer:
        return rows
    today = clock.day_of(at)
    longest = today - timedelta(days=max(row.rest_days for row in rows))
    sights = PopUpSight.objects.filter(
        Q(day=today) | Q(day__gte=longest, closed_at__isnull=False),
        viewer=viewer,
        popup__in=[row.pk for row in rows],
    )
    seen = list(sights)
    return [row for row in rows if not _is_tired(row, seen, at)]


def _is_tired(row: PopUp, sights: Iterable[PopUpSight], at: datetime) -> bool:
    rest = timedelta(days=row.rest_days)
    for sight in sights:
        if sight.popup_id != row.pk:
            continue
        if sight.day == clock.day_of(at) and sight.shown >= row.per_day:
            return True
        if sight.closed_at is not None and at - sight.closed_at < rest:
            return True
    return False
