"""The Celery app: `celery -A mall.celery worker|beat`. Timers are rows or this schedule, never long
ETAs."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")

app = Celery("mall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = 10_000
"""Celery would close the connection before and after every task: a task of an event is shorter than
connecting anew. `keep_good_connections` looks after them instead, as Django does in the web."""
app.autodiscover_tasks()


@task_prerun.connect
@task_postrun.connect
def keep_good_connections(sender: Any, **_signal: object) -> None:
    """Close connections that are too old or broke in a task; the others are tested at their first
    statement (CONN_MAX_AGE, CONN_HEALTH_CHECKS)."""
    from django.db import close_old_connections

    if not sender.request.is_eager:
        close_old_connections()
