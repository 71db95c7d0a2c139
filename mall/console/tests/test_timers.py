"""The list of timers: complete, honest about trouble, run now only by who may (X-34)."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from mall.console.testing import client_of, make_clerk
from mall.console.timers import TITLES, rhythm
from mall.kernel import clock, monitor
from mall.kernel.audit.models import AuditEntry
from mall.kernel.monitor.models import TaskRun
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator

pytestmark = pytest.mark.django_db

CLOSE = "orders.close_unpaid"


@pytest.fixture
def superuser():
    return client_of(make_operator())


def rows(client):
    context = client.get(reverse("admin:timers")).context
    return {row["timer"].task: row for row in context["rows"]}


def make_run(state=TaskRun.State.DONE, *, ago=timedelta(seconds=10), result="3") -> TaskRun:
    started_at = clock.now() - ago
    return TaskRun.objects.create(
        task_id=f"run-{TaskRun.objects.count()}", name=CLOSE, state=state, started_at=started_at,
        finished_at=started_at + timedelta(milliseconds=1250), result=result,
    )  # fmt: skip


def test_every_timer_of_the_schedule_has_a_title_and_a_row(superuser):
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}

    assert set(TITLES) == scheduled
    assert set(rows(superuser)) == scheduled


def test_a_row_tells_the_last_run_its_state_time_and_result(superuser):
    make_run(TaskRun.State.FAILED, ago=timedelta(minutes=1))
    run = make_run()

    row = rows(superuser)[CLOSE]

    assert (row["timer"].last, row["state"], row["seconds"], row["result"]) == (
        run, "done", "1.2", "3",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "ago", "expected"),
    [
        (TaskRun.State.FAILED, timedelta(seconds=5), "failed"),
        (TaskRun.State.DONE, timedelta(minutes=10), "late"),
        (TaskRun.State.RUNNING, timedelta(seconds=5), "running"),
    ],
)
def test_trouble_is_marked_and_counted(superuser, state, ago, expected):
    make_run(state, ago=ago)

    context = superuser.get(reverse("admin:timers")).context

    row = next(row for row in context["rows"] if row["timer"].task == CLOSE)
    assert row["state"] == expected
    assert context["troubled"] == (expected != "running")


def test_the_relay_is_fine_while_its_heart_beats(superuser):
    cache.set(monitor.HEARTBEAT_KEY, clock.now())
    assert rows(superuser)["kernel.relay_outbox"]["state"] == "quiet"

    cache.delete(monitor.HEARTBEAT_KEY)
    assert rows(superuser)["kernel.relay_outbox"]["state"] == "never"


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (timedelta(seconds=30), "every 30 seconds"),
        (timedelta(minutes=1), "every minute"),
        (timedelta(minutes=15), "every 15 minutes"),
        (timedelta(hours=1), "every hour"),
    ],
)
def test_rhythms_are_said_in_words(every, words):
    with translation.override("en"):
        assert rhythm(monitor.Timer(CLOSE, every, None, None, None, None)) == words


def test_a_time_of_day_is_said_as_such():
    timer = monitor.Timer(CLOSE, None, 4, 10, None, None)

    with translation.override("en"):
        assert rhythm(timer) == "every day at 04:10"
    with translation.override("zh-hans"):
        assert rhythm(timer) == "每天 04:10"


def test_run_now_sends_the_task_and_leaves_a_trail(monkeypatch):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_options: sent.append(name))
    clerk = make_clerk("admin")
    client = client_of(clerk)

    answer = client.post(reverse("admin:timers_run"), {"task": CLOSE}, follow=True)

    assert sent == [CLOSE]
    assert AuditEntry.objects.get(verb="kernel.run_task").actor_id == clerk.pk
    assert "Close unpaid orders: sent to the worker." in answer.content.decode()


def test_a_task_without_a_timer_is_refused_in_words(superuser, monkeypatch):
    monkeypatch.setattr(current_app, "send_task", lambda *_a, **_o: pytest.fail("sent"))

    answer = superuser.post(reverse("admin:timers_run"), {"task": "os.system"}, follow=True)

    assert "There is nothing here." in answer.content.decode()


@pytest.mark.parametrize("role", ["service", "marketing", "warehouse", "finance"])
def test_other_roles_neither_see_nor_run_timers(role):
    client = client_of(make_clerk(role))

    assert client.get(reverse("admin:timers")).status_code == 403
    assert client.post(reverse("admin:timers_run"), {"task": CLOSE}).status_code == 403


def test_running_by_get_is_refused(superuser):
    assert superuser.get(reverse("admin:timers_run"), {"task": CLOSE}).status_code == 405


def test_the_page_costs_one_query_of_its_own(superuser):
    make_run()
    superuser.get(reverse("admin:timers"))

    with count_queries(at_most=3):
        superuser.get(reverse("admin:timers"))
