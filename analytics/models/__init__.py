"""What happened: daily figures, rebuilt from the orders at any time; and what care came of it."""

from analytics.models.care import CarePlan, CareRun
from analytics.models.daily import DailyProduct, DailyReport

__all__ = ["CarePlan", "CareRun", "DailyProduct", "DailyReport"]
