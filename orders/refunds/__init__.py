"""The sums of after-sales: they run on paper."""

from orders.refunds.sums import (
    CHARGE,
    KEEP,
    RETURN,
    Kind,
    LineSum,
    RefundSum,
    SoldLine,
    Terms,
    clawback,
    cum,
    due,
    points_by_line,
    spread,
    work_out,
)
from orders.refunds.windows import FAULTS, Window

__all__ = [
    "CHARGE",
    "FAULTS",
    "KEEP",
    "RETURN",
    "Kind",
    "LineSum",
    "RefundSum",
    "SoldLine",
    "Terms",
    "Window",
    "clawback",
    "cum",
    "due",
    "points_by_line",
    "spread",
    "work_out",
]
