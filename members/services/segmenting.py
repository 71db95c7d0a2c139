"""Filling segments: by a list, by the few rules that members can judge alone, or by one that an
app above has registered."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Subquery
from django.utils.functional import Promise

from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from members.models import Member, Segment, SegmentMember, Tier

BATCH = 5_000
MOST_DAYS = 3_660
RULES = '{"all": true}, {"tier": ".."}, {"tier_from": ".."}, {"joined_days": 30}'

Choose = Callable[[str, datetime], Collection[int]]
_choosers: dict[str, Choose] = {}
_titles: dict[str, str | Promise] = {}


def register_segment_rule(name: str, choose: Choose, title: str | Promise) -> None:
    """Let {name: ".."} fill segments with the accounts of ``choose("..", at)``; ``title`` is what
    operators choose it by. Called from ``apps.py``."""
    _choosers[name], _titles[name] = choose, title


def segment_rules() -> dict[str, str | Promise]:
    """The rules that apps above have registered, by name. Queries: 0."""
    return dict(_titles)


@transaction.atomic
def fill_segment(*, segment: Segment, member_ids: Iterable[int], at: datetime) -> int:
    """Make the segment hold exactly these members; returns how many.

    Locks: the segment. Set-based: statements grow by one per 5,000 newcomers.
    """
    segment = Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
    wanted = set(member_ids)
    present = set(segment.memberships.values_list("member_id", flat=True))
    segment.memberships.filter(member_id__in=present - wanted).delete()
    SegmentMember.objects.bulk_create(
        [
            SegmentMember(segment=segment, member_id=member_id)
            for member_id in sorted(wanted - present)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    segment.filled_at, segment.size = at, len(wanted)
    segment.save(update_fields=["filled_at", "size"])
    return len(wanted)


def fill_segment_by_rule(*, segment: Segment, at: datetime) -> int:
    """Fill a segment by its own rule; raises InvalidInput for one that is none of these, or two.

    {"all": true}; {"tier": "gold"}, or {"tier_from": "gold"} with the tiers above;
    {"joined_days": 30}: joined on the last thirty business days, today among them; and what
    `register_segment_rule` knows.
    """
    members = Member.objects.filter(account__is_active=True)
    rule = segment.rule if isinstance(segment.rule, dict) and len(segment.rule) == 1 else {}
    match rule:
        case {} if (chosen := _chosen(rule, at)) is not None:
            members = members.filter(account__in=chosen)
        case {"all": True}:
            pass
        case {"tier": str(code)}:
            members = members.filter(tier__code=code)
        case {"tier_from": str(code)}:
            lowest = Tier.objects.filter(code=code).values("threshold_fen")
            members = members.filter(tier__threshold_fen__gte=Subquery(lowest))
        case {"joined_days": int(days)} if not isinstance(days, bool) and 0 < days <= MOST_DAYS:
            first = clock.day_of(at) - timedelta(days=days - 1)
            members = members.filter(joined_at__gte=clock.bounds(first)[0])
        case _:
            raise InvalidInput(field="rule", allowed=_allowed())
    return fill_segment(segment=segment, member_ids=members.values_list("pk", flat=True), at=at)


def refill_segments(*, at: datetime) -> int:
    """Fill every segment that has a rule anew, each in its own transaction; returns how many. A
    rule that nobody knows any more leaves its segment as it was.

    Locks: each segment in turn. Queries: 1, and those of each fill.
    """
    filled = 0
    for segment in Segment.objects.exclude(rule={}).order_by("pk"):
        with suppress(InvalidInput):
            fill_segment_by_rule(segment=segment, at=at)
            filled += 1
    return filled


def _chosen(rule: Mapping[str, Any], at: datetime) -> Collection[int] | None:
    """The accounts of a registered rule; None when it is none."""
    for name, value in rule.items():
        if name in _choosers and isinstance(value, str):
            return _choosers[name](value, at)
    return None


def _allowed() -> str:
    return ", ".join([RULES, *(f'{{"{name}": ".."}}' for name in _choosers)])
