"""The operators' screens of analytics."""

from analytics.admin.care import CarePlanAdmin, CareRunAdmin
from analytics.admin.daily import DailyProductAdmin, DailyReportAdmin

__all__ = ["CarePlanAdmin", "CareRunAdmin", "DailyProductAdmin", "DailyReportAdmin"]
