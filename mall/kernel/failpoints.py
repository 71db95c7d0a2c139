"""Named places where a process can be killed, so that tests may ask what a crash leaves behind.

Off unless MALL_FAILPOINTS=1, and then a production refuses to start. Armed in two ways:
MALL_FAILPOINT=name or name:3 kills the process at its third passage; a file called name in
MALL_FAILPOINT_DIR kills whoever passes first, and that one only (it takes the file away).
Source: reliability.md 2.1 (F-01 to F-07) and 4.4; who kills what: docs/doomsday.md.
"""

import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from mall import env

POINTS = {
    "checkout.after_order": "the order is written, nothing is held for it yet",
    "checkout.after_stock": "everything of an order is written, its stock reserved",
    "keyed.before_commit": "a keyed call and its answer are written, not committed (F-01)",
    "keyed.after_commit": "a keyed call is committed, its answer not sent (F-02)",
    "payment.before_provider": "a payment is committed, its provider has not heard of it (F-22)",
    "notice.before_commit": "a notice is applied and stored, not committed",
    "notice.after_commit": "a notice is committed, the provider not told",
    "close.after_provider": "a provider has closed a payment, its order is still closing",
    "refund.after_provider": "a provider has sent money back, nobody has booked it (F-30)",
    "refund.before_commit": "a refund is booked, not committed",
    "outbox.before_nudge": "a verb is committed, the relay not woken (F-03)",
    "outbox.before_commit": "an event is applied by its handlers, not committed (F-06)",
    "worker.before_task": "a task is taken from the queue, not begun (F-04)",
    "worker.after_task": "a task is done, the queue not told (F-04)",
    "beat.before_send": "beat is about to send a task (F-07)",
}


@dataclass(slots=True)
class Arms:
    """What is armed in this process."""

    is_on: bool = False
    name: str = ""
    nth: int = 1
    folder: Path | None = None
    passages: Counter[str] = field(default_factory=Counter)

    def is_hit(self, name: str) -> bool:
        """True when the process that passes ``name`` now is the one to die."""
        self.passages[name] += 1
        if name == self.name and self.passages[name] == self.nth:
            return True
        if self.folder is None:
            return False
        try:
            (self.folder / name).unlink()
        except OSError:
            return False
        return True


def _armed() -> Arms:
    name, _colon, nth = env.text("MALL_FAILPOINT").partition(":")
    folder = env.text("MALL_FAILPOINT_DIR")
    if name and name not in POINTS:
        raise ImproperlyConfigured(f"MALL_FAILPOINT={name!r}: no such place")
    return Arms(
        is_on=env.flag("MALL_FAILPOINTS"),
        name=name,
        nth=int(nth or 1),
        folder=Path(folder) if folder else None,
    )


ARMS = _armed()
LOCKS_ARE_OFF = ARMS.is_on and not env.flag("MALL_LOCKS", default=True)
"""True in the control build of the doomsday run alone: it must lose orders or pieces."""


def failpoint(name: str) -> None:
    """Die here, as from a power cut, when a test asked for it; else nothing."""
    if ARMS.is_on and ARMS.is_hit(name):
        os.kill(os.getpid(), signal.SIGKILL)


def refuse_in_production(*, is_demo: bool) -> None:
    """Raises: ImproperlyConfigured when a real shop is started with failpoints."""
    if ARMS.is_on and not is_demo:
        raise ImproperlyConfigured("MALL_FAILPOINTS is for tests; a shop does not start with it")
