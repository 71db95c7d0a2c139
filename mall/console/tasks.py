"""What the worker does for the back office itself."""

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from mall.console.import_jobs import run_imports

SLICE_SECONDS = 200.0


@shared_task(name="console.run_imports", time_limit=280)
def run_open_imports() -> bool:
    """Go on with files of goods; what is left after a while is the next run's.

    True when nothing is left.
    """
    is_done = run_imports(seconds=SLICE_SECONDS)
    if not is_done:
        nudge_imports()
    return is_done


def nudge_imports() -> None:
    """Ask the worker to begin once the file is kept. A broker that is away costs a minute: beat
    asks again."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    try:
        run_open_imports.apply_async(ignore_result=True, retry=False, expires=60)
    except (OperationalError, OSError):
        return
