"""The front door of analytics: every write, explicitly re-exported."""

from analytics.services.aggregating import aggregate_days, aggregate_recent
from analytics.services.rehearsing import ask_rehearsal, hold_rehearsal, run_rehearsals

__all__ = [
    "aggregate_days",
    "aggregate_recent",
    "ask_rehearsal",
    "hold_rehearsal",
    "run_rehearsals",
]
