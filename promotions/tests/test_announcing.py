"""The messages of a plan go out in their time: once, to their audience, or to who makes them.

Source: P-43.
"""

from datetime import timedelta

import pytest
from django.utils import translation

from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_claims
from members.testing import make_member, make_operator, make_segment
from promotions.models import PlanPhase
from promotions.services import return_plan, send_due_phases
from promotions.tests.test_planning import BURST, DAY, approved, saved

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def phase(channel, send_at=BURST, **values):
    return {
        "stage": "burst",
        "send_at": send_at,
        "channel": channel,
        "text_zh": "开抢",
        "text_en": "It begins",
        **values,
    }


def heard(template):
    rows = Message.objects.filter(template=f"promotions.{template}").order_by("account")
    return list(rows.values_list("account_id", flat=True))


def test_P_43_each_tier_hears_its_message_when_its_time_has_come():
    gold, diamond, _plain = (make_member(tier=code) for code in ("gold", "diamond", "normal"))
    owner = make_operator()
    plan = approved(
        saved(
            owner_id=owner.pk,
            phases=[
                phase("live", BURST - 2 * DAY, stage="preheat", tier_codes=["diamond"]),
                phase("inbox", BURST - DAY, stage="preheat", tier_codes=["gold", "diamond"]),
                phase("sms", tier_codes=["gold"]),
            ],
        )
    )

    moments = (BURST - 2 * DAY - MINUTE, BURST - 2 * DAY, BURST - DAY, BURST, BURST + MINUTE)
    told = [send_due_phases(at) for at in moments]

    assert told == [0, 1, 2, 1, 0]
    assert heard("plan_by_hand") == [owner.pk]
    assert heard("plan_notice") == sorted([gold.account_id, diamond.account_id])
    assert heard("plan_sms") == [gold.account_id]
    assert Message.objects.get(template="promotions.plan_sms").channel == "sms"
    assert [one.sent_at for one in plan.phases.order_by("send_at")] == list(moments[1:4])
    for_owner = Message.objects.get(template="promotions.plan_by_hand")
    with translation.override("en"):
        title, body = render(for_owner.template, for_owner.params)
    assert (title, body) == (
        "Double 11: a message is due, live show",
        "For 1 members: It begins",
    )


def test_a_segment_is_its_members_alone():
    inside = make_member()
    make_member()
    approved(saved(phases=[phase("inbox", segment_id=make_segment(members=[inside]).pk)]))

    assert send_due_phases(BURST) == 1
    assert heard("plan_notice") == [inside.account_id]


def test_what_is_not_approved_or_a_day_late_goes_out_to_nobody():
    make_member()
    saved(phases=[phase("inbox")])
    plan = approved(saved(phases=[phase("inbox")]))
    assert send_due_phases(BURST + DAY) == 0
    return_plan(plan_id=plan.pk, reason="not yet", at=BURST)

    assert send_due_phases(BURST) == 0
    assert not Message.objects.filter(template="promotions.plan_notice").exists()
    assert not PlanPhase.objects.exclude(sent_at=None).exists()


def test_many_members_are_told_in_batches(monkeypatch):
    monkeypatch.setattr("promotions.services.announcing.BATCH", 2)
    for _n in range(5):
        make_member()
    approved(saved(phases=[phase("inbox")]))

    assert send_due_phases(BURST) == 5
    assert len(heard("plan_notice")) == 5


def told_by_three_workers():
    outcomes = stampede(3, lambda _n: send_due_phases(BURST))
    assert not outcomes.errors
    return sum(outcomes.results)


@pytest.mark.django_db(transaction=True)
def test_three_workers_send_it_once():
    make_member()
    approved(saved(phases=[phase("inbox")]))

    assert told_by_three_workers() == 1
    assert len(heard("plan_notice")) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_claiming_it_all_three_send_it_and_only_the_constraint_keeps_one():
    make_member()
    approved(saved(phases=[phase("inbox")]))

    with without_claims(), all_read_before_any_writes("django.db.models.QuerySet.first", 3):
        assert told_by_three_workers() == 3

    assert len(heard("plan_notice")) == 1
