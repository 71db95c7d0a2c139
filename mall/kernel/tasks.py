"""Timers of the kernel: each calls one verb and is safe to run twice."""

from celery import shared_task
from django.core.cache import cache

from mall.kernel import clock, idempotency, invariants, monitor, notify, outbox
from mall.kernel.monitor import HEARTBEAT_KEPT_SECONDS, HEARTBEAT_KEY


@shared_task(name="kernel.relay_outbox", time_limit=120)
def relay_outbox() -> int:
    """Apply due events to their subscribers; beat runs it each minute, publish() nudges it."""
    cache.set(HEARTBEAT_KEY, clock.now(), timeout=HEARTBEAT_KEPT_SECONDS)
    return outbox.relay_batch(clock.now())


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
    """Run every invariant; a broken one fails the task, which the task list shows in red."""
    broken = [violation for _invariant, violation in invariants.audit() if violation]
    if broken:
        names = "; ".join(f"{v.invariant.code}: {', '.join(v.rows[:3])}" for v in broken)
        raise AssertionError(f"{len(broken)} invariants broken: {names}")
    return "clean"
