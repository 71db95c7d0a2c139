"""What an operator does with timers: run one now. And what keeps their history short."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import Busy, NotFound
from mall.kernel.monitor.models import TaskRun

EXPIRES_SECONDS = 300
KEEP_DONE = timedelta(days=3)
KEEP_FAILED = timedelta(days=90)
BATCH = 5_000


def run_now(*, name: str, actor: Any, at: datetime) -> str:
    """Ask the worker to run a task of the beat schedule now; returns the id of the run.

    The audit row is committed first. Raises: NotFound without such a timer, Busy without a broker.
    """
    if name not in {entry["task"] for entry in current_app.conf.beat_schedule.values()}:
        raise NotFound
    task_id = str(uuid.uuid4())
    with transaction.atomic(durable=True):
        AuditEntry.objects.create(
            at=at,
            actor_id=getattr(actor, "pk", None),
            verb="kernel.run_task",
            target_type="celery.task",
            target_id=name[:64],
            after={"task_id": task_id},
        )
    try:
        current_app.send_task(name, task_id=task_id, expires=EXPIRES_SECONDS, retry=False)
    except OperationalError as error:
        raise Busy from error
    return task_id


def forget_old_runs(*, at: datetime) -> int:
    """Delete runs that ended well three days ago, and failed ones after ninety; returns how many.

    Bounded: at most ``BATCH`` rows a call, so a long silence never becomes one long transaction.
    """
    old = TaskRun.objects.filter(started_at__lt=at - KEEP_DONE).exclude(
        state=TaskRun.State.FAILED, started_at__gte=at - KEEP_FAILED
    )
    doomed = list(old.order_by("started_at").values_list("pk", flat=True)[:BATCH])
    return TaskRun.objects.filter(pk__in=doomed).delete()[0]
