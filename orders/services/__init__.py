"""The front door of orders: every write, explicitly re-exported."""

from orders.services.carting import (
    CartChange,
    CartOwner,
    add_line,
    change_line,
    find_cart,
    merge_cart,
    remove_line,
    select_lines,
)

__all__ = [
    "CartChange",
    "CartOwner",
    "add_line",
    "change_line",
    "find_cart",
    "merge_cart",
    "remove_line",
    "select_lines",
]
