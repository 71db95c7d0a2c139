"""An order's life as data: which deed moves an order from where to where. Source: design.md,
section 8.

``services.moving.move`` is the only one who changes a status; a trigger holds the same pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orders.models.order import Order

Status = Order.Status


class Deed(StrEnum):
    """What happens to an order; the code of its history row."""

    PAID = "paid"
    REVIVED = "revived"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    RECEIVED = "received"
    COMPLETED = "completed"
    CLOSED = "closed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Move:
    """From any of ``sources`` to ``target``."""

    sources: frozenset[str]
    target: str


def _move(target: str, *sources: str) -> Move:
    return Move(frozenset(sources), target)


MOVES: Mapping[Deed, Move] = {
    Deed.PAID: _move(Status.PAID, Status.UNPAID),
    Deed.REVIVED: _move(Status.PAID, Status.CLOSED),
    Deed.PART_SHIPPED: _move(Status.PART_SHIPPED, Status.PAID, Status.PART_SHIPPED),
    Deed.SHIPPED: _move(Status.SHIPPED, Status.PAID, Status.PART_SHIPPED),
    Deed.RECEIVED: _move(Status.RECEIVED, Status.SHIPPED),
    Deed.COMPLETED: _move(Status.COMPLETED, Status.RECEIVED),
    Deed.CLOSED: _move(Status.CLOSED, Status.UNPAID),
    Deed.REFUNDED: _move(Status.CLOSED, Status.PAID, Status.PART_SHIPPED, Status.SHIPPED),
}
DEPOSIT_PAID = "deposit_paid"
"""The code of the history row of a presale's deposit: the status stays unpaid."""
GROUPED = "grouped"
"""The code of the history row of a group buy's order whose team is complete."""
REPRICED = "repriced"
"""The code of the history row of a price that an operator lowered; a trigger counts these rows."""
READDRESSED = "readdressed"
"""The code of the history row of an address that an operator changed."""
TO_CHECK = "to_check"
"""The code of the history row of a paid order that somebody has to look at."""
CHECKED = "checked"
"""The code of the history row of an order that passed its check."""
PACKED = "packed"
"""The code of the history row of an order whose goods are packed."""
INVOICE_ASKED = "invoice_asked"
"""The code of the history row of an invoice that was asked for after the order."""
INVOICE_CHANGED = "invoice_changed"
"""The code of the history row of an invoice that an operator corrected."""
PLACED = "placed"
"""The code of the first history row: an order that has just been placed comes from nowhere."""


def transitions() -> frozenset[tuple[str, str]]:
    """Every pair of statuses that some deed connects."""
    return frozenset(
        (source, move.target)
        for move in MOVES.values()
        for source in move.sources
        if source != move.target
    )
