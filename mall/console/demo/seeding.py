"""What the steps of the seed share: the instant the demo counts from, the marks it leaves, tallies.

The first run notes its instant; every later one works from the same, so that a seed that was killed
ends where an undisturbed one does. Marks are rows of the audit trail, which nothing ever deletes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox import relay_batch
from members.models import Account

BEGAN, SOLD, FINISHED = "demo.began", "demo.sold", "demo.finished"
HISTORY_DAYS = 45


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a step made, and how much it found."""

    made: int = 0
    there: int = 0

    def __str__(self) -> str:
        return f"{self.made} made, {self.there} there already"


@dataclass(frozen=True, slots=True)
class Seeding:
    """One run: ``at`` is the demo's present; ``tell`` takes news of a long step."""

    at: datetime
    tell: Callable[[str], None]

    @property
    def today(self) -> date:
        """The business day of the present."""
        return clock.day_of(self.at)

    @property
    def midnight(self) -> datetime:
        """When the present day began."""
        return clock.bounds(self.today)[0]

    def ago(self, days: int, hour: int = 10) -> datetime:
        """An hour of the day so many days before today."""
        day = self.today - timedelta(days=days)
        return datetime.combine(day, time(hour), clock.SHANGHAI).astimezone(UTC)

    def day_end(self, days: int) -> datetime:
        """The end of the day so many days after today."""
        return clock.bounds(self.today + timedelta(days=days))[1]


def begin(at: datetime, tell: Callable[[str], None]) -> Seeding:
    """The run that counts from ``at``, or from where an earlier one began."""
    mark = AuditEntry.objects.filter(verb=BEGAN).order_by("pk").first()
    if mark is None:
        mark = leave_mark(BEGAN, at=at)
    return Seeding(at=mark.at, tell=tell)


def leave_mark(verb: str, *, at: datetime) -> AuditEntry:
    """Note for later runs that something was done."""
    return AuditEntry.objects.create(at=at, verb=verb, target_type="mall", target_id="demo")


def is_marked(verb: str) -> bool:
    """True when an earlier run has done it."""
    return AuditEntry.objects.filter(verb=verb).exists()


def deliver_events(at: datetime) -> int:
    """Let every waiting event reach its listeners; returns how many there were."""
    total = 0
    while taken := relay_batch(at):
        total += taken
    return total


def operator(username: str = "admin") -> Account:
    """The operator who does the seed's deeds."""
    found: Account = Account.objects.get(username=username)
    return found
