"""The front door of analytics: every write, explicitly re-exported."""

from analytics.services.aggregating import aggregate_days, aggregate_recent

__all__ = ["aggregate_days", "aggregate_recent"]
