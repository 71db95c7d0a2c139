"""The operators' screens of analytics."""

from analytics.admin.daily import DailyProductAdmin, DailyReportAdmin

__all__ = ["DailyProductAdmin", "DailyReportAdmin"]
