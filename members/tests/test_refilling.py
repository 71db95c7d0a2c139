"""The hourly refill goes by the rule that a segment has when it is filled."""

import pytest
from django.db import connection

from mall.kernel import clock
from mall.kernel.testing.race import rival_after, rival_before, without_claims
from members.models import Segment, SegmentMember
from members.services import fill_segment_by_rule, refill_segments
from members.testing import make_member, make_segment

AT = clock.now()
REFILL = "members.services.segmenting.fill_segment_by_rule"
CHOICE = "members.services.segmenting._gathered"


def held(segment):
    rows = SegmentMember.objects.filter(segment=segment)
    return sorted(rows.values_list("member__tier__code", flat=True))


@pytest.fixture
def segment():
    """All members, a normal and a golden one, by a rule."""
    for tier in ("normal", "gold"):
        make_member(tier=tier)
    segment = make_segment(rule={"all": True})
    fill_segment_by_rule(segment=segment, at=AT)
    return segment


def change(segment):
    """As a marketer does it: another rule, and filled at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    Segment.objects.filter(pk=segment.pk).update(rule={"tier": "gold"})
    fill_segment_by_rule(segment=segment, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_changes_while_others_are_refilled_is_the_one_it_is_filled_by(segment):
    with rival_before(REFILL, lambda: change(segment)) as marketer:
        refill_segments(at=AT)

    assert (marketer.error, held(segment)) == (None, ["gold"])


@pytest.mark.django_db(transaction=True)
def test_a_segment_that_is_removed_while_others_are_refilled_stops_none(segment):
    last = make_segment(rule={"tier": "gold"})

    with rival_before(REFILL, segment.delete):
        assert refill_segments(at=AT) == 1

    assert held(last) == ["gold"]


@pytest.mark.django_db(transaction=True)
def test_a_rule_is_not_changed_while_members_are_gathered_by_it(segment):
    with rival_after(CHOICE, lambda: change(segment)) as marketer:
        refill_segments(at=AT)

    assert "lock timeout" in str(marketer.error)
    assert (Segment.objects.get().rule, held(segment)) == ({"all": True}, ["gold", "normal"])


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_a_segment_holds_those_of_the_rule_it_had(segment):
    with without_claims(), rival_after(CHOICE, lambda: change(segment)) as marketer:
        refill_segments(at=AT)

    assert marketer.error is None
    assert (Segment.objects.get().rule, held(segment)) == ({"tier": "gold"}, ["gold", "normal"])
