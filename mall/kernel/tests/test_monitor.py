"""What the worker did is known, kept short, and a timer runs when an operator asks."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from celery.signals import worker_ready
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from kombu.exceptions import OperationalError

from mall.kernel import monitor
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import Busy, NotFound
from mall.kernel.monitor.models import TaskRun
from mall.kernel.testing.queries import count_queries
from mall.runner.places import PROJECT

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
CLOSE = "orders.close_unpaid"


def make_run(name: str = CLOSE, *, ago: timedelta = timedelta(), **values: object) -> TaskRun:
    number = TaskRun.objects.count()
    return TaskRun.objects.create(task_id=f"run-{number}", name=name, started_at=AT - ago, **values)


def timer_of(task: str) -> monitor.Timer:
    return next(timer for timer in monitor.timers() if timer.task == task)


@pytest.mark.django_db
def test_every_timer_shows_its_newest_run_in_one_query():
    make_run(ago=timedelta(minutes=5), state=TaskRun.State.FAILED)
    newest = make_run(ago=timedelta(minutes=1))

    with count_queries(at_most=1):
        timers = monitor.timers()

    assert len(timers) == len(current_app.conf.beat_schedule)
    assert timer_of(CLOSE).last == newest
    assert timer_of("orders.receive_due").last is None


@pytest.mark.django_db
def test_a_timer_is_late_after_three_turns_or_when_it_never_ran():
    make_run(ago=timedelta(minutes=1))
    close = timer_of(CLOSE)

    assert close.every == timedelta(seconds=30)
    assert not close.is_late(AT)
    assert close.is_late(AT + timedelta(minutes=3))
    assert timer_of("orders.receive_due").is_late(AT)


@pytest.mark.django_db
def test_the_nightly_audit_is_known_by_its_time_of_day():
    night = timer_of("kernel.audit_invariants")

    assert (night.every, night.hour, night.minute) == (None, 4, 10)


@pytest.mark.django_db
def test_the_relay_is_known_by_the_heartbeat():
    cache.set(monitor.HEARTBEAT_KEY, AT)

    assert timer_of("kernel.relay_outbox").seen_at == AT


@pytest.mark.django_db
def test_running_a_timer_now_sends_it_and_leaves_a_trail(monkeypatch):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append(name))

    task_id = monitor.run_now(name=CLOSE, actor=None, at=AT)

    assert sent == [CLOSE]
    entry = AuditEntry.objects.get(verb="kernel.run_task")
    assert (entry.target_id, entry.after) == (CLOSE, {"task_id": task_id})


@pytest.mark.django_db
def test_only_what_has_a_timer_can_be_run(monkeypatch):
    monkeypatch.setattr(current_app, "send_task", lambda *_args, **_options: pytest.fail("sent"))

    with pytest.raises(NotFound):
        monitor.run_now(name="celery.backend_cleanup", actor=None, at=AT)

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_without_a_broker_the_operator_is_told(monkeypatch):
    def away(*_args, **_options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)

    with pytest.raises(Busy):
        monitor.run_now(name=CLOSE, actor=None, at=AT)


@pytest.mark.django_db
def test_old_runs_are_forgotten_and_failed_ones_are_kept_longer():
    make_run(ago=timedelta(days=4), state=TaskRun.State.DONE)
    make_run(ago=timedelta(days=91), state=TaskRun.State.FAILED)
    failed = make_run(ago=timedelta(days=30), state=TaskRun.State.FAILED)
    fresh = make_run(ago=timedelta(days=2), state=TaskRun.State.DONE)

    assert monitor.forget_old_runs(at=AT) == 2

    assert set(TaskRun.objects.all()) == {failed, fresh}


def test_a_worker_counts_as_alive_from_its_start():
    assert cache.get(monitor.HEARTBEAT_KEY) is None

    worker_ready.send(sender="worker")

    assert cache.get(monitor.HEARTBEAT_KEY) is not None


@pytest.mark.django_db
def test_X_37_a_backup_is_old_after_twenty_six_hours():
    assert monitor.is_old_backup(monitor.last_backup_at(), AT)

    monitor.note_backup(name="nas-1", at=AT - timedelta(hours=26))

    assert not monitor.is_old_backup(monitor.last_backup_at(), AT)
    assert monitor.is_old_backup(monitor.last_backup_at(), AT + timedelta(seconds=1))


@pytest.mark.django_db
def test_what_somebody_else_backed_up_is_noted_by_a_command():
    call_command("note_backup", "nas-1")

    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.target_id) == ("kernel.note_backup", "nas-1")
    assert monitor.last_backup_at() == entry.at


@pytest.mark.django_db
def test_the_script_beside_the_server_notes_a_backup_once_with_its_time():
    script = (PROJECT / "deploy" / "postgres" / "note").read_text()
    sql = script[script.index("INSERT") : script.index("\\endif")].replace(":'name'", "%(name)s")

    with connection.cursor() as cursor:
        for _n in range(2):
            cursor.execute(sql, {"name": "2026-11-22T04:00:00Z"})

    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.target_id, entry.after) == (
        "kernel.note_backup",
        "2026-11-22T04:00:00Z",
        {},
    )
    assert monitor.last_backup_at() == AT
