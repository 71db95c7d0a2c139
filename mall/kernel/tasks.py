"""Timers of the kernel: each calls one verb and is safe to run twice."""

from celery import shared_task
from django.core.cache import cache

from mall.kernel import clock, idempotency, monitor, notify, outbox
from mall.kernel.invariants import judging, telling
from mall.kernel.monitor import HEARTBEAT_KEPT_SECONDS, HEARTBEAT_KEY


@shared_task(name="kernel.relay_outbox", time_limit=120)
def relay_outbox() -> int:
    """Apply due events to their subscribers; beat runs it each minute, publish() nudges it."""
    cache.set(HEARTBEAT_KEY, clock.now(), timeout=HEARTBEAT_KEPT_SECONDS)
    return outbox.relay()


@shared_task(name="kernel.send_messages", time_limit=120)
def send_messages() -> int:
    """Hand waiting SMS, e-mails and WeChat messages to their channels."""
    return notify.send_waiting(clock.now())


@shared_task(name="kernel.prune_idempotency", time_limit=120)
def prune_idempotency() -> int:
    """Forget keyed answers older than seven days."""
    return idempotency.prune(clock.now())


@shared_task(name="kernel.forget_task_runs", time_limit=120)
def forget_task_runs() -> int:
    """Keep the history of runs short."""
    return monitor.forget_old_runs(at=clock.now())


@shared_task(name="kernel.audit_invariants", time_limit=280)
def audit_invariants() -> str:
    """Run every law and rebuild every balance; keep what came of it, tell of what is new.

    Anything broken fails the task, which the task list shows in red.
    """
    at = clock.now()
    sentence = judging.judge(at=at)
    telling.tell_of(sentence, at=at)
    if sentence.findings:
        names = "; ".join(f"{one.code}: {', '.join(one.rows[:3])}" for one in sentence.findings)
        raise AssertionError(f"{len(sentence.findings)} laws or balances broken: {names}")
    return "clean"
