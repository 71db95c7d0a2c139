"""Timers of the kernel: each calls one verb and is safe to run twice."""

from celery import shared_task

from mall.kernel import clock, idempotency, notify, outbox


@shared_task(name="kernel.relay_outbox", time_limit=120)
def relay_outbox() -> int:
    """Apply due events to their subscribers; beat runs it each minute, publish() nudges it."""
    return outbox.relay_batch(clock.now())


@shared_task(name="kernel.send_messages", time_limit=120)
def send_messages() -> int:
    """Hand waiting SMS, e-mails and WeChat messages to their channels."""
    return notify.send_waiting(clock.now())


@shared_task(name="kernel.prune_idempotency", time_limit=120)
def prune_idempotency() -> int:
    """Forget keyed answers older than seven days."""
    return idempotency.prune(clock.now())
