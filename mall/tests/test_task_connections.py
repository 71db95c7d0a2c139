"""A task process keeps its connection from task to task, and is never stopped by one that broke."""

import psycopg2
import pytest
from celery.signals import task_postrun, task_prerun
from django.db import connection

from mall.celery import app
from mall.kernel.tasks import relay_outbox

pytestmark = pytest.mark.django_db(transaction=True)


def run_task():
    """What a task process does around and in a task; returns which back end served it."""
    task_prerun.send(sender=relay_outbox, task_id="1", task=relay_outbox)
    relay_outbox()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    task_postrun.send(sender=relay_outbox, task_id="1", task=relay_outbox)
    return pid


def end_backend(pid):
    with psycopg2.connect(**connection.get_connection_params()) as link, link.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert cursor.fetchone() == (True,)
    link.close()


def test_tasks_after_one_another_share_a_connection():
    assert app.conf.get("CELERY_DB_REUSE_MAX") == 10_000, "Celery closes none by itself"

    assert run_task() == run_task()


def test_a_connection_that_the_server_ended_is_replaced_by_the_next_task():
    connection.settings_dict["CONN_HEALTH_CHECKS"] = True
    first = run_task()
    end_backend(first)

    assert run_task() != first


def test_a_connection_that_is_too_old_is_replaced(monkeypatch):
    first = run_task()
    monkeypatch.setattr(connection, "close_at", 0)

    assert run_task() != first
