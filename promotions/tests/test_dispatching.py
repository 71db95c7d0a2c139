import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.services import fill_segment
from members.testing import make_member, make_operator, make_segment
from promotions.errors import CampaignNotReady
from promotions.models import Coupon, CouponDispatch, CouponGrant, CouponHoldout
from promotions.services import claim_coupon, run_dispatches, start_dispatch, stop_dispatch
from promotions.tasks import run_dispatches as run_dispatches_task
from promotions.testing import AT, make_coupon

KILLED_IN_THE_SECOND_BATCH = """
import os, signal
from datetime import UTC, datetime
import django
django.setup()
from promotions.services import dispatching, issuing

batches = []
tell = issuing._tell

def die_in_the_second(*args):
    batches.append(args)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    tell(*args)

issuing._tell = die_in_the_second
dispatching.BATCH = 3
dispatching.run_dispatches(datetime(2026, 11, 22, 4, tzinfo=UTC))
"""


def dispatch_to(*members, coupon=None, scheduled_at=AT, actor=None):
    return start_dispatch(
        coupon=coupon or make_coupon(total=1000),
        segment=make_segment(members=members),
        scheduled_at=scheduled_at,
        actor=actor,
        at=AT,
    )


@pytest.mark.django_db
def test_everybody_in_the_segment_gets_the_coupon_and_the_report_says_so(monkeypatch):
    monkeypatch.setattr("promotions.services.dispatching.BATCH", 2)
    members = [make_member() for _n in range(5)]
    make_member()
    operator = make_operator()
    dispatch = dispatch_to(*members, actor=operator)

    assert run_dispatches(AT) == 5

    dispatch.refresh_from_db()
    assert (dispatch.status, dispatch.issued, dispatch.skipped) == ("done", 5, 0)
    assert dispatch.finished_at == AT
    given = CouponGrant.objects.values_list("member_id", flat=True)
    assert set(given) == {member.pk for member in members}
    assert Message.objects.filter(template="promotions.coupon_received").count() == 5
    entry = AuditEntry.objects.get(verb="promotions.start_dispatch")
    assert (entry.actor, entry.after["coupon"]) == (operator, dispatch.coupon.code)
    assert OutboxEvent.objects.filter(name="promotions.coupon_dispatched").count() == 1


@pytest.mark.django_db
def test_P_16_a_rerun_issues_nothing_even_when_it_starts_from_the_beginning():
    dispatch = dispatch_to(make_member(), make_member())
    run_dispatches(AT)

    assert run_dispatches(AT) == 0
    CouponDispatch.objects.update(status="running", cursor=0)
    assert run_dispatches(AT) == 0

    dispatch.refresh_from_db()
    assert (dispatch.issued, dispatch.skipped) == (2, 2)
    assert CouponGrant.objects.count() == Coupon.objects.get().issued == 2


@pytest.mark.django_db
def test_nothing_leaves_before_its_time():
    dispatch_to(make_member(), scheduled_at=AT + timedelta(hours=1))

    assert run_dispatches(AT) == 0
    assert run_dispatches(AT + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_who_already_has_the_coupon_is_skipped_and_counted():
    coupon, old = make_coupon(), make_member()
    claim_coupon(coupon_id=coupon.pk, member_id=old.pk, at=AT)
    dispatch = dispatch_to(old, make_member(), coupon=coupon)

    assert run_dispatches(AT) == 1

    dispatch.refresh_from_db()
    assert (dispatch.issued, dispatch.skipped) == (1, 1)


@pytest.mark.django_db
def test_a_dispatch_stops_when_no_piece_is_left(monkeypatch):
    monkeypatch.setattr("promotions.services.dispatching.BATCH", 2)
    dispatch = dispatch_to(*[make_member() for _n in range(6)], coupon=make_coupon(total=3))

    assert run_dispatches(AT) == 3

    dispatch.refresh_from_db()
    assert (dispatch.status, dispatch.issued) == ("stopped", 3)


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"status": "paused"}, {"ends_at": AT}])
def test_a_dispatch_stops_when_its_coupon_is_no_longer_given_out(values):
    dispatch = dispatch_to(make_member())
    Coupon.objects.update(**values)

    assert run_dispatches(AT) == 0

    dispatch.refresh_from_db()
    assert dispatch.status == "stopped"


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"status": "draft"}, {"ends_at": AT}])
def test_only_a_coupon_that_is_given_out_can_be_sent(values):
    with pytest.raises(CampaignNotReady):
        dispatch_to(make_member(), coupon=make_coupon(**values))

    assert not CouponDispatch.objects.exists()


@pytest.mark.django_db
def test_an_operator_stops_a_dispatch_once():
    dispatch = dispatch_to(make_member())

    assert stop_dispatch(dispatch_id=dispatch.pk, at=AT) is True
    assert stop_dispatch(dispatch_id=dispatch.pk, at=AT) is False
    assert run_dispatches(AT) == 0


@pytest.mark.django_db
def test_a_batch_costs_the_same_for_two_members_and_for_fifty():
    counts = []
    for size in (2, 50):
        dispatch_to(*[make_member() for _n in range(size)])
        with count_queries() as statements:
            assert run_dispatches(AT) == size
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_inside_a_batch_repeats_and_loses_nothing():
    members = [make_member() for _n in range(8)]
    dispatch = dispatch_to(*members)
    # a process of its own, on this very database, that dies by SIGKILL with its transaction open
    url = settings.DATABASE_URL.rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mall.settings",
        "MALL_DEMO": "1",
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_SECOND_BATCH],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert killed.returncode == -9, killed.stderr.decode()
    dispatch.refresh_from_db()
    assert (dispatch.status, dispatch.issued) == ("running", 3)
    assert CouponGrant.objects.count() == Coupon.objects.get().issued == 3

    assert run_dispatches(AT) == 5

    dispatch.refresh_from_db()
    assert (dispatch.status, dispatch.issued, dispatch.skipped) == ("done", 8, 0)
    given = list(CouponGrant.objects.values_list("member_id", flat=True))
    assert sorted(given) == sorted(member.pk for member in members)
    assert Message.objects.filter(template="promotions.coupon_received").count() == 8


@pytest.mark.django_db
def test_members_who_join_the_segment_behind_the_cursor_wait_for_the_next_dispatch():
    first, second = make_member(), make_member()
    dispatch = dispatch_to(second)
    run_dispatches(AT)

    fill_segment(segment=dispatch.segment, member_ids=[first.pk, second.pk], at=AT)

    assert run_dispatches(AT) == 0
    assert CouponGrant.objects.count() == 1


def test_the_task_has_the_name_that_beat_calls():
    assert run_dispatches_task.name == "promotions.run_dispatches"


@pytest.mark.django_db
def test_P_17_a_share_is_held_back_counted_and_never_served(monkeypatch):
    monkeypatch.setattr("promotions.services.dispatching.BATCH", 7)
    members = [make_member() for _n in range(40)]
    dispatch = start_dispatch(
        coupon=make_coupon(total=1000),
        segment=make_segment(members=members),
        scheduled_at=AT,
        control_bp=5_000,
        at=AT,
    )

    issued = run_dispatches(AT)
    CouponDispatch.objects.update(status="running", cursor=0)
    assert run_dispatches(AT) == 0

    held = set(CouponHoldout.objects.values_list("member_id", flat=True))
    served = set(CouponGrant.objects.values_list("member_id", flat=True))
    assert 8 <= len(held) <= 32
    assert (issued, len(served)) == (40 - len(held), 40 - len(held))
    assert held | served == {member.pk for member in members}
    dispatch.refresh_from_db()
    assert dispatch.issued == issued


@pytest.mark.django_db
def test_a_member_held_back_from_a_coupon_stays_so_in_its_next_dispatch():
    coupon, members = make_coupon(total=1000), [make_member() for _n in range(20)]
    for _n in range(2):
        start_dispatch(
            coupon=coupon,
            segment=make_segment(members=members),
            scheduled_at=AT,
            control_bp=5_000,
            at=AT,
        )
        run_dispatches(AT)

    rows = CouponHoldout.objects.values_list("dispatch", "member")
    by_dispatch = {}
    for dispatch, member in rows:
        by_dispatch.setdefault(dispatch, set()).add(member)
    first, second = by_dispatch.values()
    assert first == second


@pytest.mark.django_db
@pytest.mark.parametrize("control_bp", [-1, 5_001])
def test_no_more_than_half_is_held_back(control_bp):
    with pytest.raises(InvalidInput):
        start_dispatch(
            coupon=make_coupon(),
            segment=make_segment(),
            scheduled_at=AT,
            control_bp=control_bp,
            at=AT,
        )

    assert not CouponDispatch.objects.exists()
