"""What analytics does when something happened below."""

from analytics.tasks import run_rehearsals
from mall.kernel.outbox import subscribe
from promotions.events import RehearsalAsked


def rehearse(event: RehearsalAsked) -> None:
    """Hand it to a worker of its own: a replay is no work for the relay."""
    run_rehearsals.delay_on_commit()


def connect() -> None:
    """Listen; called from apps.py."""
    subscribe(RehearsalAsked, rehearse)
