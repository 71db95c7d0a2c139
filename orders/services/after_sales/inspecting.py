"""Returned goods are looked at: graded piece by piece into stock, what is missing charged, return
freight shared. Source: O-47, O-48, I-22."""

from collections.abc import Mapping
from datetime import datetime

from inventory.models import Warehouse
from inventory.services import receive_return
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound
from members.models import Account
from orders import refunds
from orders.errors import AmountTooHigh
from orders.models import AfterSale, AfterSaleLine, OrderTask, PickupRequest
from orders.services.after_sales.grading import missing_fen, note_grades, part_weights
from orders.services.after_sales.requesting import locked_case, require
from orders.services.after_sales.sharing import share_freight
from orders.services.after_sales.stepping import step
from orders.services.tasking import close_tasks

State = AfterSale.State
MOST_FREIGHT_FEN = 50_000
"""More than that no parcel costs: a slip of the fingers."""


@atomic_retry()
def inspect_return(
    *,
    number: str,
    grades: Mapping[int, Mapping[str, int]],
    warehouse_id: int,
    actor: Account,
    at: datetime,
    return_freight_fen: int = 0,
    note: str = "",
    part_grades: Mapping[int, Mapping[int, Mapping[str, int]]] | None = None,
) -> AfterSale:
    """Book what came back: ``grades`` is case line id -> grade -> pieces, ``part_grades`` the same
    of each SKU in a bundle.

    A gift that is missing is charged at its declared value; goods that are missing are not paid
    for. Locks: order, lines, case, wallet, supplier's amounts, stock. Raises: NotFound,
    AfterSaleMoved, InvalidInput, AmountTooHigh.
    """
    case = locked_case(number)
    require(case, State.AWAITING_RETURN, State.RETURNING)
    _check_typed(warehouse_id, return_freight_fen)
    rows = list(case.lines.select_related("line"))
    pieces = note_grades(rows, grades, part_grades or {})
    _reduce(case, rows)
    AfterSaleLine.objects.bulk_update(rows, ["grades", "part_grades", "amount_fen"])
    case.return_freight_fen = return_freight_fen
    case.save(update_fields=["goods_fen", "gift_charge_fen", "return_freight_fen"])
    step(case, State.INSPECTED, at=at, actor=actor, note=note)
    PickupRequest.objects.filter(after_sale=case).update(state=PickupRequest.State.COLLECTED)
    close_tasks(kind=OrderTask.Kind.PICKUP, reference=case.number, at=at, outcome="inspected")
    share_freight(case, at=at)
    audit.record(
        actor=actor,
        verb="orders.inspect_return",
        target=case,
        after={"grades": {str(row.pk): row.grades for row in rows}},
        reason=note[:200],
        at=at,
    )
    if pieces:
        receive_return(
            after_sale_number=case.number,
            lines=pieces,
            warehouse_id=warehouse_id,
            actor=actor,
            at=at,
        )
    return case


def _check_typed(warehouse_id: int, return_freight_fen: int) -> None:
    """Raises: NotFound, AmountTooHigh."""
    if not Warehouse.objects.filter(pk=warehouse_id, is_active=True).exists():
        raise NotFound
    if not 0 <= return_freight_fen <= MOST_FREIGHT_FEN:
        raise AmountTooHigh(most_fen=MOST_FREIGHT_FEN)


def _reduce(case: AfterSale, rows: list[AfterSaleLine]) -> None:
    """What did not come back is not paid for, of a bundle its missing parts; a missing gift is
    charged, by its declared value. Queries: 0, 1 with missing parts."""
    charge_fen, weights = case.gift_charge_fen, part_weights(rows)
    for row in rows:
        missing = row.quantity - row.unshipped - sum(row.grades.values())
        if not row.is_gift:
            row.amount_fen -= missing_fen(row, weights)
        elif missing:
            charge_fen += refunds.cum(row.line.list_fen, row.line.quantity, missing)
    case.goods_fen = sum(row.amount_fen for row in rows)
    case.gift_charge_fen = min(charge_fen, case.goods_fen + case.freight_fen)
