"""The kernel's tables, each defined in the room that owns it."""

from mall.kernel.audit.models import AuditEntry
from mall.kernel.idempotency.models import IdempotencyRecord
from mall.kernel.invariants.models import AuditFinding, AuditRun
from mall.kernel.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from mall.kernel.monitor.models import TaskRun
from mall.kernel.notify.models import Message
from mall.kernel.outbox.models import OutboxEvent, ProcessedEvent

__all__ = [
    "AuditEntry",
    "AuditFinding",
    "AuditRun",
    "IdempotencyRecord",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTransaction",
    "Message",
    "OutboxEvent",
    "ProcessedEvent",
    "TaskRun",
]
