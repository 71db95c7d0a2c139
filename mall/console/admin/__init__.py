"""Screens of what no app owns: the kernel's tables, roles, failed sign-ins."""

from mall.console.admin.access import AccessAttemptAdmin, RoleAdmin
from mall.console.admin.machinery import MessageAdmin, OutboxEventAdmin, TaskRunAdmin
from mall.console.admin.rehearsal import RehearsalAdmin
from mall.console.admin.trails import AuditEntryAdmin, LedgerTransactionAdmin

__all__ = [
    "AccessAttemptAdmin",
    "AuditEntryAdmin",
    "LedgerTransactionAdmin",
    "MessageAdmin",
    "OutboxEventAdmin",
    "RehearsalAdmin",
    "RoleAdmin",
    "TaskRunAdmin",
]
