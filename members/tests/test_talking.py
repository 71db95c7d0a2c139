"""Answered talks end by themselves after a week of silence; what waits for the shop never does."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.models import Ticket
from members.services import close_silent_tickets, open_ticket, say_as_member, say_as_shop
from members.tasks import close_silent_tickets as timer
from members.testing import make_member, make_operator

pytestmark = pytest.mark.django_db

AT = clock.now().replace(microsecond=0)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def talk(member, *, subject="1", at=AT):
    return open_ticket(
        member=member, kind="product", subject=subject, title="Pot", text="Is it iron?", at=at
    )


def answered(member, *, subject="1", at=AT):
    ticket = talk(member, subject=subject, at=at)
    say_as_shop(ticket=ticket, text="It is.", actor=make_operator(), at=at)
    return ticket


def states():
    return list(Ticket.objects.order_by("pk").values_list("state", "closed_at"))


def test_an_answered_talk_ends_after_seven_silent_days_and_the_trail_says_so():
    ticket = answered(make_member())

    assert close_silent_tickets(at=AT + WEEK - SECOND) == 0
    assert states() == [("answered", None)]
    assert close_silent_tickets(at=AT + WEEK) == 1

    assert states() == [("closed", AT + WEEK)]
    entry = AuditEntry.objects.get(verb="members.close_silent_ticket")
    assert (entry.actor_id, entry.target_id) == (None, str(ticket.pk))
    assert (entry.before, entry.after) == ({"state": "answered"}, {"state": "closed"})
    assert close_silent_tickets(at=AT + WEEK) == 0


def test_a_talk_that_waits_for_the_shop_stays_open_however_old():
    member = make_member()
    talk(member)
    spoken_again = answered(member, subject="2")
    say_as_member(member=member, number=spoken_again.number, text="And you?", at=AT + SECOND)

    assert close_silent_tickets(at=AT + 52 * WEEK) == 0

    assert states() == [("open", None), ("open", None)]


def test_after_it_ended_the_same_question_begins_a_new_talk():
    member = make_member()
    old = answered(member)
    close_silent_tickets(at=AT + WEEK)

    new = talk(member, at=AT + WEEK + SECOND)

    assert new.pk != old.pk
    assert [state for state, _at in states()] == ["closed", "open"]


def test_the_timer_takes_a_bounded_number_at_once():
    for number in range(5):
        answered(make_member(), subject=str(number), at=clock.now() - 2 * WEEK)

    with count_queries() as counted:
        assert close_silent_tickets(at=clock.now(), limit=2) == 2

    assert len(counted) == 2 + 2  # the rows, the update, one entry of the trail a talk
    assert timer() == 3
