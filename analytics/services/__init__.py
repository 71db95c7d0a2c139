"""The front door of analytics: every write, explicitly re-exported."""

from analytics.services.aggregating import aggregate_days, aggregate_recent
from analytics.services.caring import (
    PROMPT_CARE,
    SLOW_CARE,
    run_care,
    save_care_plan,
    switch_care_plan,
)
from analytics.services.rehearsing import DAYS, ask_rehearsal, hold_rehearsal, run_rehearsals
from analytics.services.staging import stage_all_products, weekly_sales

__all__ = [
    "DAYS",
    "PROMPT_CARE",
    "SLOW_CARE",
    "run_care",
    "save_care_plan",
    "switch_care_plan",
    "aggregate_days",
    "aggregate_recent",
    "ask_rehearsal",
    "hold_rehearsal",
    "run_rehearsals",
    "stage_all_products",
    "weekly_sales",
]
