"""Waking a timer early, after commit. Losing a nudge costs a minute, never the work: beat comes
by."""

from celery import current_app
from django.db import transaction


def nudge(task: str) -> None:
    """Ask the worker to run the timer ``task`` once this transaction has committed."""
    transaction.on_commit(
        lambda: current_app.send_task(task, ignore_result=True, retry=False, expires=60),
        robust=True,
    )
