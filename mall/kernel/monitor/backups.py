"""When the database was last backed up: each backup leaves an entry in the trail (X-37).

`deploy/postgres/backup` writes the same row by SQL, beside the server, where no Python is.
"""

from datetime import datetime, timedelta

from django.db.models import Max

from mall.kernel.audit.models import AuditEntry

TARGET = "kernel.backup"
OLD_AFTER = timedelta(hours=26)
"""A night's backup and two hours for the next one to be made."""


def note_backup(*, name: str, at: datetime) -> None:
    """Write down that a backup was made. Queries: 1."""
    AuditEntry.objects.create(
        at=at, verb="kernel.note_backup", target_type=TARGET, target_id=name[:64]
    )


def last_backup_at() -> datetime | None:
    """When the last backup was noted; None when none was. Queries: 1."""
    found: datetime | None = AuditEntry.objects.filter(target_type=TARGET).aggregate(
        last=Max("at")
    )["last"]
    return found


def is_old_backup(last: datetime | None, at: datetime) -> bool:
    """True when the newest backup is no answer any more to a lost disk."""
    return last is None or at - last > OLD_AFTER
