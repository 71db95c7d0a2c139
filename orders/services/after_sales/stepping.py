"""The one place that moves a case: a conditional update, a row of history, word to the buyer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mall.kernel.notify import notify
from members.models import Account, Member
from orders import messages
from orders.errors import AfterSaleMoved
from orders.models import AfterSale, AfterSaleEvent

State = AfterSale.State

MOVES: Mapping[str, frozenset[str]] = {
    State.APPROVED: frozenset({State.REQUESTED}),
    State.AWAITING_RETURN: frozenset({State.REQUESTED}),
    State.RETURNING: frozenset({State.AWAITING_RETURN}),
    State.INSPECTED: frozenset({State.AWAITING_RETURN, State.RETURNING}),
    State.REFUNDING: frozenset({State.REQUESTED, State.APPROVED, State.INSPECTED}),
    State.DONE: frozenset({State.REFUNDING, State.INSPECTED}),
    State.REFUSED: frozenset({State.REQUESTED, State.APPROVED, State.INSPECTED}),
    State.CANCELLED: frozenset({State.REQUESTED, State.AWAITING_RETURN}),
}
"""Where a case may come from, by where it goes."""

TURN: Mapping[str, timedelta] = {
    State.REQUESTED: timedelta(hours=48),
    State.APPROVED: timedelta(hours=24),
    State.AWAITING_RETURN: timedelta(days=7),
    State.RETURNING: timedelta(days=10),
    State.INSPECTED: timedelta(hours=24),
    State.REFUNDING: timedelta(days=3),
}
"""How long the one whose turn it is has for the next step."""

TOLD: Mapping[str, str] = {
    "requested": messages.AFTER_SALE_REQUESTED,
    "awaiting_return": messages.AFTER_SALE_SEND_BACK,
    "refused": messages.AFTER_SALE_REFUSED,
    "inspected": messages.AFTER_SALE_INSPECTED,
    "refunding": messages.AFTER_SALE_REFUNDING,
    "resent": messages.AFTER_SALE_RESENT,
    "expired": messages.AFTER_SALE_EXPIRED,
}
"""What the buyer hears, by the code of the step; other steps are the buyer's own."""


def step(
    case: AfterSale,
    state: str,
    *,
    at: datetime,
    code: str = "",
    actor: Account | None = None,
    note: str = "",
    **columns: Any,
) -> None:
    """Move a case and write it down; ``columns`` change with it. Queries: 2, 2 more to tell.

    Whoever comes second gets the refusal, whatever was read before. Raises: AfterSaleMoved.
    """
    before = case.state
    turn = TURN.get(state)
    values = {
        **columns,
        "state": state,
        "due_at": None if turn is None else at + turn,
        "closed_at": at if turn is None else None,
    }
    here = AfterSale.objects.filter(pk=case.pk, state=before)
    if before not in MOVES[state] or not here.update(**values):
        raise AfterSaleMoved(
            state=AfterSale.objects.values_list("state", flat=True).get(pk=case.pk)
        )
    for name, value in values.items():
        setattr(case, name, value)
    write_down(case, code or state, before=before, at=at, actor=actor, note=note)


def write_down(
    case: AfterSale,
    code: str,
    *,
    before: str,
    at: datetime,
    actor: Account | None = None,
    note: str = "",
) -> None:
    """Write a step into the case's history and tell the buyer where there is something to tell."""
    AfterSaleEvent.objects.create(
        after_sale=case,
        from_state=before,
        to_state=case.state,
        code=code,
        actor=actor,
        note=note[:200],
        at=at,
    )
    if code in TOLD:
        account_id = Member.objects.values_list("account_id", flat=True).get(pk=case.member_id)
        notify(
            [account_id],
            TOLD[code],
            {"number": case.number, "amount_fen": case.money_fen, "note": note},
            at=at,
            route=("storefront:after_sale", (case.number,)),
            source=f"{case.number}/{code}",
        )
