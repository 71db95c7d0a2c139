"""Chinese administrative regions: a read-only table in memory, loaded once per process on first
use.

Used by addresses, freight and warehouses. A code is 2 (province), 4 (city), 6 (area) or 9 (street)
digits; a child's code starts with its parent's, so a rule for 65 covers all of Xinjiang.
"""

from mall.kernel.regions.table import (
    FILLERS,
    Region,
    children,
    find,
    full_name,
    is_deepest,
    named,
    path,
    search,
)

__all__ = [
    "FILLERS",
    "Region",
    "children",
    "find",
    "full_name",
    "is_deepest",
    "named",
    "path",
    "search",
]
