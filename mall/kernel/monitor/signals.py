"""Celery's own signals, wired once in apps.py; the relay runs too often to be worth a row."""

from typing import Any

from celery.signals import (
    beat_init,
    before_task_publish,
    task_failure,
    task_postrun,
    task_prerun,
    worker_init,
    worker_ready,
)
from django.conf import settings
from django.core.cache import cache

from mall.kernel import clock
from mall.kernel.failpoints import failpoint
from mall.kernel.monitor.broker import refuse_evicting
from mall.kernel.monitor.names import HEARTBEAT_KEPT_SECONDS, HEARTBEAT_KEY, QUIET


def connect() -> None:
    """Listen to the worker. Idempotent: the receivers have a dispatch_uid."""
    worker_init.connect(_checked, dispatch_uid="mall_worker_init")
    worker_ready.connect(_arrived, dispatch_uid="mall_worker_ready")
    task_prerun.connect(_started, dispatch_uid="mall_task_started")
    task_postrun.connect(_finished, dispatch_uid="mall_task_finished")
    task_failure.connect(_failed, dispatch_uid="mall_task_failed")
    beat_init.connect(_beat_began, dispatch_uid="mall_beat_began")


def _beat_began(**_kwargs: Any) -> None:
    before_task_publish.connect(_beat_sends, dispatch_uid="mall_beat_sends")


def _beat_sends(**_kwargs: Any) -> None:
    failpoint("beat.before_send")


def _checked(**_kwargs: Any) -> None:
    refuse_evicting(settings.CELERY_BROKER_URL)


def _arrived(**_kwargs: Any) -> None:
    """A worker counts as alive from its start, not from its first task a minute later."""
    cache.set(HEARTBEAT_KEY, clock.now(), timeout=HEARTBEAT_KEPT_SECONDS)


def _started(task_id: str, task: Any, **_kwargs: Any) -> None:
    from mall.kernel.monitor.models import TaskRun

    failpoint("worker.before_task")
    if task.name in QUIET or task.name.startswith("celery."):
        return
    TaskRun.objects.update_or_create(
        task_id=task_id,
        defaults={"name": task.name, "started_at": clock.now(), "state": TaskRun.State.RUNNING},
    )


def _finished(task_id: str, task: Any, retval: Any, state: str, **_kwargs: Any) -> None:
    from mall.kernel.monitor.models import TaskRun

    failpoint("worker.after_task")
    if state == "SUCCESS":
        TaskRun.objects.filter(task_id=task_id).update(
            state=TaskRun.State.DONE, finished_at=clock.now(), result=str(retval)[:2000]
        )


def _failed(task_id: str, exception: BaseException, **_kwargs: Any) -> None:
    from mall.kernel.monitor.models import TaskRun

    TaskRun.objects.filter(task_id=task_id).update(
        state=TaskRun.State.FAILED,
        finished_at=clock.now(),
        result=f"{type(exception).__name__}: {exception}"[:2000],
    )
