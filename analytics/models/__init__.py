"""What happened: daily figures, rebuilt from the orders at any time."""

from analytics.models.daily import DailyProduct, DailyReport

__all__ = ["DailyProduct", "DailyReport"]
