"""Segments, check-ins over days, and what the operator changes for everybody."""

from datetime import UTC, datetime, timedelta

import pytest

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries
from members import selectors, services
from members.models import LoyaltyPolicy, Member, PointsAccount
from members.presenting import week_dict
from members.testing import make_member, make_operator, make_segment, make_tiers

pytestmark = pytest.mark.django_db
AT = clock.now()


def test_a_segment_holds_exactly_whom_it_was_filled_with():
    anna, bert, carl = make_member(), make_member(), make_member()
    segment = make_segment(members=[anna, bert])

    assert services.fill_segment(segment=segment, member_ids=[bert.pk, carl.pk], at=AT) == 2

    assert selectors.segment_member_ids(segment.pk) == [bert.pk, carl.pk]
    assert not selectors.in_segment(anna.pk, segment.pk)
    assert selectors.segment_member_ids(segment.pk, after=bert.pk) == [carl.pk]


def test_filling_costs_the_same_for_two_and_for_fifty():
    segment = make_segment()
    ids = [make_member().pk for _n in range(50)]

    for wanted in (ids[:2], ids):
        with count_queries(at_most=5):
            services.fill_segment(segment=segment, member_ids=wanted, at=AT)


def test_a_rule_gathers_a_tier_or_everybody_open():
    gold, _normal, closed = make_member(tier="gold"), make_member(), make_member(tier="gold")
    services.close_account(account=closed.account, actor=make_operator(), at=AT)

    by_tier = make_segment(rule={"tier": "gold"})
    assert services.fill_segment_by_rule(segment=by_tier, at=AT) == 1
    assert selectors.in_segment(gold.pk, by_tier.pk)
    assert services.fill_segment_by_rule(segment=make_segment(rule={"all": True}), at=AT) == 2
    with pytest.raises(InvalidInput):
        services.fill_segment_by_rule(segment=make_segment(rule={"sql": "1"}), at=AT)


def test_a_rule_gathers_a_tier_with_those_above_or_who_joined_lately():
    midnight = clock.bounds(clock.day_of(AT))[0]
    make_member(tier="silver", at=midnight - timedelta(days=29, seconds=1))
    gold = make_member(tier="gold", at=midnight - timedelta(days=29))
    diamond = make_member(tier="diamond", at=AT)

    for rule in ({"tier_from": "gold"}, {"joined_days": 30}):
        segment = make_segment(rule=rule)
        assert services.fill_segment_by_rule(segment=segment, at=AT) == 2
        assert selectors.segment_member_ids(segment.pk) == [gold.pk, diamond.pk]
    unknown = make_segment(rule={"tier_from": "copper"})
    assert services.fill_segment_by_rule(segment=unknown, at=AT) == 0
    for days in (0, -1, True, 10**9, "30"):
        with pytest.raises(InvalidInput):
            services.fill_segment_by_rule(segment=make_segment(rule={"joined_days": days}), at=AT)


def test_days_in_a_row_bring_more_and_a_gap_begins_again():
    member = make_member()
    monday = datetime(2026, 11, 16, 2, tzinfo=UTC)

    week = [services.check_in(member_id=member.pk, at=monday + timedelta(days=n)) for n in range(8)]
    after_gap = services.check_in(member_id=member.pk, at=monday + timedelta(days=9))

    assert [done.points for done in week] == [5, 5, 5, 10, 10, 10, 30, 5]
    assert (after_gap.streak, after_gap.points) == (1, 5)


def test_a_day_ends_at_midnight_in_shanghai():
    member = make_member()
    before_midnight = datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)

    first = services.check_in(member_id=member.pk, at=before_midnight)
    second = services.check_in(member_id=member.pk, at=before_midnight + timedelta(seconds=1))

    assert (first.day.day, second.day.day, second.streak) == (21, 22, 2)


def test_the_week_shows_what_is_done_and_what_comes():
    member = make_member()
    monday = datetime(2026, 11, 16, 2, tzinfo=UTC)
    for n in range(2):
        services.check_in(member_id=member.pk, at=monday + timedelta(days=n))
    account = PointsAccount.objects.get(member=member)

    with count_queries(at_most=2):
        week = week_dict(selectors.check_in_week(account.pk, monday + timedelta(days=2)))

    assert (week["streak"], week["points"], week["done"]) == (2, 5, False)
    assert [day["state"] for day in week["days"]][:4] == ["done", "done", "today", "coming"]
    assert [day["points"] for day in week["days"]] == [5, 5, 5, 10, 10, 10, 30]


def test_a_new_threshold_moves_every_member_and_leaves_a_trail():
    rich, poor = make_member(tier="gold"), make_member(tier="silver")
    operator = make_operator()

    with count_queries(at_most=6):
        services.change_tier(
            tier=make_tiers()["gold"], changes={"threshold_fen": 50_000}, actor=operator, at=AT
        )

    assert Member.objects.get(pk=rich.pk).tier.code == "silver"
    assert Member.objects.get(pk=poor.pk).tier.code == "silver"
    entry = AuditEntry.objects.get(verb="members.change_tier")
    assert (entry.actor_id, entry.before, entry.after) == (
        operator.pk,
        {"threshold_fen": 30_000},
        {"threshold_fen": 50_000},
    )


@pytest.mark.parametrize("threshold_fen", [0, 100_001, 200_000])
def test_a_ladder_that_does_not_rise_is_refused(threshold_fen):
    with pytest.raises(InvalidInput):
        services.change_tier(
            tier=make_tiers()["gold"], changes={"threshold_fen": threshold_fen}, actor=None, at=AT
        )

    assert make_tiers()["gold"].threshold_fen == 30_000


def test_a_policy_changed_counts_from_now_on():
    member = make_member()
    services.change_loyalty_policy(changes={"points_last_days": 10}, actor=None, at=AT)

    entry = services.earn_points(
        member_id=member.pk, points=5, source_type="order", source_id="1", at=AT
    )

    assert entry is not None
    assert entry.expires_at == AT + timedelta(days=10)
    assert LoyaltyPolicy.objects.get().points_last_days == 10


def test_shopper_facts_are_one_query():
    member = make_member(tier="gold", points=70)

    with count_queries(at_most=1):
        facts = selectors.shopper_facts(member.pk, AT)

    assert (facts.points, facts.tier_code, facts.tier_rate_bp) == (70, "gold", 9_500)
    assert (facts.tier_free_freight_fen, facts.tier_points_rate_bp) == (0, 12_000)


def test_points_past_their_time_are_no_facts_of_a_shopper():
    member = make_member(points=70, at=AT - timedelta(days=365))
    services.spend_points(
        member_id=member.pk,
        points=30,
        source_type="order",
        source_id="1",
        at=AT - timedelta(days=1),
    )

    assert selectors.shopper_facts(member.pk, AT - timedelta(seconds=1)).points == 40
    assert selectors.shopper_facts(member.pk, AT).points == 0
