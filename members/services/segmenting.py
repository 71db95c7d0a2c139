"""Filling segments: by a list, by the few rules that members can judge alone, or by one that an
app above has registered."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.utils.functional import Promise

from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from members.models import Member, Segment, SegmentMember, Tier

logger = logging.getLogger(__name__)
BATCH = 5_000
MOST_DAYS = 3_660
RULES = '{"all": true}, {"tier": ".."}, {"tier_from": ".."}, {"joined_days": 30}'

Choose = Callable[[str, datetime], Collection[int]]
_choosers: dict[str, Choose] = {}
_titles: dict[str, str | Promise] = {}


def register_segment_rule(name: str, choose: Choose, title: str | Promise) -> None:
    """Let {name: ".."} fill segments with the accounts of ``choose("..", at)``, which raises
    InvalidInput for what it does not know; ``title`` is what operators choose it by. Called from
    ``apps.py``."""
    _choosers[name], _titles[name] = choose, title


def segment_rules() -> dict[str, str | Promise]:
    """The rules that apps above have registered, by name. Queries: 0."""
    return dict(_titles)


def one_rule(rule: object) -> dict[str, Any]:
    """A segment's rule; empty for what is none, or more than one. Queries: 0."""
    return rule if isinstance(rule, dict) and len(rule) == 1 else {}


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


@transaction.atomic
def fill_segment_by_rule(*, segment: Segment, at: datetime) -> int:
    """Fill a segment by the rule that it has now; raises InvalidInput for one that is none of
    these, or two, or that a registered one does not know.

    {"all": true}; {"tier": "gold"}, or {"tier_from": "gold"} with the tiers above;
    {"joined_days": 30}: joined on the last thirty business days, today among them; and what
    `register_segment_rule` knows. Locks: the segment.
    """
    segment = Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
    members = _gathered(segment.rule, at)
    return fill_segment(segment=segment, member_ids=members.values_list("pk", flat=True), at=at)


def check_segment_rule(*, rule: Mapping[str, Any], at: datetime) -> None:
    """Say whether a rule can fill a segment: raises InvalidInput as `fill_segment_by_rule` does.

    Queries: those of a registered rule.
    """
    _gathered(rule, at)


def refill_segments(*, at: datetime) -> int:
    """Fill every segment that has a rule anew, each in its own transaction; returns how many. A
    rule that nobody knows any more leaves its segment as it was.

    Locks: each segment in turn. Queries: 1, and those of each fill.
    """
    filled = 0
    for pk in list(Segment.objects.exclude(rule={}).order_by("pk").values_list("pk", flat=True)):
        try:
            fill_segment_by_rule(segment=Segment(pk=pk), at=at)
        except InvalidInput as error:
            logger.warning("segment %s stays as it is: %s", pk, error)
        except Segment.DoesNotExist:
            continue  # removed since the list was read
        else:
            filled += 1
    return filled


def _gathered(rule: object, at: datetime) -> QuerySet[Member]:
    members = Member.objects.filter(account__is_active=True)
    rule = one_rule(rule)
    match rule:
        case {} if (chosen := _chosen(rule, at)) is not None:
            return members.filter(account__in=chosen)
        case {"all": True}:
            return members
        case {"tier": str(code)}:
            return members.filter(tier__code=code)
        case {"tier_from": str(code)}:
            lowest = Tier.objects.filter(code=code).values("threshold_fen")
            return members.filter(tier__threshold_fen__gte=Subquery(lowest))
        case {"joined_days": int(days)} if not isinstance(days, bool) and 0 < days <= MOST_DAYS:
            first = clock.day_of(at) - timedelta(days=days - 1)
            return members.filter(joined_at__gte=clock.bounds(first)[0])
        case _:
            raise InvalidInput(field="rule", allowed=_allowed())


def _chosen(rule: Mapping[str, Any], at: datetime) -> Collection[int] | None:
    """The accounts of a registered rule; None when it is none."""
    for name, value in rule.items():
        if name in _choosers and isinstance(value, str):
            return _choosers[name](value, at)
    return None


def _allowed() -> str:
    return ", ".join([RULES, *(f'{{"{name}": ".."}}' for name in _choosers)])
