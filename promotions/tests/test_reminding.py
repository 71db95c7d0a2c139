"""Reminders of flash sales: N minutes before the start, once. Source: P-22."""

from datetime import timedelta

import pytest
from django.utils import translation

from mall.kernel.errors import NotFound
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.testing.queries import count_queries
from members.testing import make_member
from promotions.errors import ReminderTooLate
from promotions.models import Campaign, FlashReminder
from promotions.services import ask_reminder, drop_reminder, send_reminders
from promotions.testing import AT, make_campaign

pytestmark = pytest.mark.django_db
START = AT + timedelta(hours=1)


@pytest.fixture
def campaign():
    return make_campaign(
        Campaign.Kind.FLASH,
        title_en="Noon sale",
        title_zh="午间秒杀",
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        rule={"remind_minutes": 10},
    )


def test_P_22_who_asked_is_told_ten_minutes_before_the_start_once(campaign):
    member, other = make_member(), make_member()
    ask_reminder(campaign_id=campaign.pk, member_id=member.pk, at=AT)
    early = START - timedelta(minutes=10)

    assert send_reminders(early - timedelta(seconds=1)) == 0
    assert send_reminders(early) == 1
    assert send_reminders(early + timedelta(seconds=30)) == 0

    message = Message.objects.get()
    assert (message.account_id, message.route) == (member.account_id, "storefront:flashes")
    with translation.override("zh-hans"):
        assert "午间秒杀" in render(message.template, message.params)[1]
    assert not Message.objects.filter(account=other.account_id).exists()


def test_after_the_start_nobody_is_reminded(campaign):
    ask_reminder(campaign_id=campaign.pk, member_id=make_member().pk, at=AT)

    assert send_reminders(START) == 0

    assert not Message.objects.exists()


def test_a_paused_sale_reminds_nobody(campaign):
    ask_reminder(campaign_id=campaign.pk, member_id=make_member().pk, at=AT)
    Campaign.objects.update(status="paused")

    assert send_reminders(START - timedelta(minutes=1)) == 0


def test_the_limit_leaves_the_rest_to_the_next_run(campaign):
    for _n in range(3):
        ask_reminder(campaign_id=campaign.pk, member_id=make_member().pk, at=AT)
    soon = START - timedelta(minutes=5)

    assert [send_reminders(soon, limit=2) for _n in range(3)] == [2, 1, 0]
    assert Message.objects.count() == 3


def test_fifty_reminders_cost_as_many_queries_as_two(campaign):
    def told(number):
        FlashReminder.objects.all().delete()
        for _n in range(number):
            ask_reminder(campaign_id=campaign.pk, member_id=make_member().pk, at=AT)
        with count_queries() as statements:
            assert send_reminders(START - timedelta(minutes=5)) == number
        return len(statements)

    assert told(2) == told(50)


def test_wishes_for_what_has_begun_or_is_not_live_are_refused(campaign):
    member = make_member()
    with pytest.raises(ReminderTooLate):
        ask_reminder(campaign_id=campaign.pk, member_id=member.pk, at=START)
    Campaign.objects.update(status="draft")
    with pytest.raises(NotFound):
        ask_reminder(campaign_id=campaign.pk, member_id=member.pk, at=AT)

    assert not FlashReminder.objects.exists()


def test_a_dropped_wish_is_forgotten(campaign):
    member = make_member()
    ask_reminder(campaign_id=campaign.pk, member_id=member.pk, at=AT)

    assert drop_reminder(campaign_id=campaign.pk, member_id=member.pk) is True
    assert drop_reminder(campaign_id=campaign.pk, member_id=member.pk) is False

    assert send_reminders(START - timedelta(minutes=1)) == 0
