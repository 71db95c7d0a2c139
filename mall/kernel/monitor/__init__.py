"""What the worker did: one row per run of a named task, for the operators' task list (X-34)."""

from mall.kernel.monitor.backups import is_old_backup, last_backup_at, note_backup
from mall.kernel.monitor.names import HEARTBEAT_KEPT_SECONDS, HEARTBEAT_KEY
from mall.kernel.monitor.running import forget_old_runs, run_now
from mall.kernel.monitor.signals import connect
from mall.kernel.monitor.timers import Timer, timers, worker_is_silent

__all__ = [
    "HEARTBEAT_KEPT_SECONDS",
    "HEARTBEAT_KEY",
    "Timer",
    "connect",
    "forget_old_runs",
    "is_old_backup",
    "last_backup_at",
    "note_backup",
    "run_now",
    "timers",
    "worker_is_silent",
]
