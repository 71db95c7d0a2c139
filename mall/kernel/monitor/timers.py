"""The beat schedule beside what became of it: when each timer last ran, and whether it is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.schedules import crontab
from celery.schedules import schedule as interval
from django.core.cache import cache
from django.db.models import QuerySet

from mall.kernel.monitor.models import TaskRun
from mall.kernel.monitor.names import HEARTBEAT_KEY, QUIET

LATE_AFTER = 3
GRACE = timedelta(minutes=2)
SILENT_AFTER = timedelta(seconds=150)


@dataclass(frozen=True, slots=True)
class Timer:
    """One entry of the schedule. ``every`` is None for one that runs at a time of day."""

    task: str
    every: timedelta | None
    hour: int | None
    minute: int | None
    last: TaskRun | None
    seen_at: datetime | None

    def is_late(self, at: datetime) -> bool:
        """True when it has not begun for three turns: the worker or beat is away."""
        turn = self.every or timedelta(days=1)
        return self.seen_at is None or at - self.seen_at > turn * LATE_AFTER + GRACE


def worker_is_silent(at: datetime) -> bool:
    """True when no worker relayed events for 150 seconds, or Redis, which would know, is away."""
    seen_at = cache.get(HEARTBEAT_KEY)
    return seen_at is None or at - seen_at > SILENT_AFTER


def timers() -> list[Timer]:
    """Every timer with its last run, in the order of the schedule. Queries: 1.

    A task that runs too often for a row (the relay) is known by the worker's heartbeat only.
    """
    entries = list(current_app.conf.beat_schedule.values())
    last = {run.name: run for run in _last_runs([entry["task"] for entry in entries])}
    return [_timer(entry, last.get(entry["task"])) for entry in entries]


def _timer(entry: dict[str, Any], last: TaskRun | None) -> Timer:
    when = entry["schedule"]
    heart = cache.get(HEARTBEAT_KEY) if entry["task"] in QUIET else None
    daily = when if isinstance(when, crontab) else None
    return Timer(
        task=entry["task"],
        every=None if daily else _period(when),
        hour=min(daily.hour) if daily else None,
        minute=min(daily.minute) if daily else None,
        last=last,
        seen_at=last.started_at if last else heart,
    )


def _period(when: Any) -> timedelta:
    if isinstance(when, interval):
        return when.run_every
    return when if isinstance(when, timedelta) else timedelta(seconds=when)


def _last_runs(names: list[str]) -> QuerySet[TaskRun]:
    """The newest run of each name: one index look-up a name, in one statement."""
    newest = [TaskRun.objects.filter(name=name).order_by("-started_at")[:1] for name in names]
    first, *others = newest
    return first.union(*others, all=True) if others else first
