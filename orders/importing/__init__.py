"""Order history from elsewhere, by written rules (docs/imports.md): reading and sorting run on
paper.

``orders.services.importing`` writes what comes out of here.
"""

from orders.importing.deals import Deal, DealLine, Refunded, make_deals
from orders.importing.rows import BadRow, Row, read_rows
from orders.importing.sorting import Kind, sort_row

__all__ = [
    "BadRow",
    "Deal",
    "DealLine",
    "Kind",
    "Refunded",
    "Row",
    "make_deals",
    "read_rows",
    "sort_row",
]
