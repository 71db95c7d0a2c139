"""What partners say of sub-orders: accepted, refused, or shipped with a tracking number.

Words come twice, late and out of order. Each is kept as it came; the order is locked first, so a
parcel that is reported while its order is cancelled is either shipped or refused, never both.
Source: O-28, I-23.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.services import reserve_elsewhere
from mall.kernel.db import atomic_retry
from mall.kernel.errors import NotFound, ShopError
from members.models import Account
from orders.errors import SubOrderOver
from orders.models import Order, PartnerReport, SubOrder
from orders.services.dropship.alarming import end_alarm, raise_alarm
from orders.services.dropship.writing import FORWARD
from orders.services.nudging import nudge
from orders.services.shipping import ship_order

State, Outcome = SubOrder.State, PartnerReport.Outcome
MOVES: Mapping[str, frozenset[str]] = {
    State.PENDING: frozenset({State.ACCEPTED, State.SHIPPED, State.REFUSED}),
    State.SENT: frozenset({State.ACCEPTED, State.SHIPPED, State.REFUSED}),
    State.ACCEPTED: frozenset({State.SHIPPED, State.REFUSED}),
}
"""What a partner may say in which state; everything else is known already, or comes too late."""
KEPT_BYTES = 16 * 1024

Step = Callable[[Order, SubOrder, "Report", datetime, Account | None], None]


@dataclass(frozen=True, slots=True)
class Report:
    """One word of a partner; ``body`` is the message as it came."""

    state: str
    carrier: str = ""
    tracking_no: str = ""
    reason: str = ""
    outside_no: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of it."""

    sub_order: SubOrder
    outcome: str


def report_sub_order(
    *,
    number: str,
    warehouse_id: int,
    report: Report,
    at: datetime,
    actor: Account | None = None,
) -> Reported:
    """Apply a partner's word about its own sub-order, once; what is refused is kept too.

    A parcel that is reported though we do not want it any more, or cannot book it, becomes a task.
    Locks: order, lines, sub-order, the supplier's amounts, stock. Raises: NotFound for a sub-order
    of anybody else, SubOrderOver, and what `ship_order` raises.
    """
    try:
        return _apply(number, warehouse_id, report, at, actor)
    except ShopError as refusal:
        _keep_refused(number, warehouse_id, report, refusal, at)
        raise


@atomic_retry()
def _apply(
    number: str, warehouse_id: int, report: Report, at: datetime, actor: Account | None
) -> Reported:
    order = (
        Order.objects.filter(sub_orders__number=number, sub_orders__warehouse=warehouse_id)
        .locked()
        .first()
    )
    if order is None:
        raise NotFound
    sub = SubOrder.objects.filter(number=number).locked().get()
    if _is_known(sub, report):
        _keep(sub, report, Outcome.REPEATED, at)
        return Reported(sub, Outcome.REPEATED)
    if report.state not in MOVES.get(sub.state, ()):
        raise SubOrderOver(number=sub.number, state=sub.get_state_display())
    STEPS[report.state](order, sub, report, at, actor)
    sub.refresh_from_db()
    _keep(sub, report, Outcome.APPLIED, at)
    return Reported(sub, Outcome.APPLIED)


def _is_known(sub: SubOrder, report: Report) -> bool:
    """True for the same word again, and for an acceptance that comes after the parcel."""
    if report.state == State.SHIPPED:
        parcel = sub.shipment
        same = (report.carrier, report.tracking_no)
        return parcel is not None and (parcel.carrier_id, parcel.tracking_no) == same
    if report.state == State.ACCEPTED:
        return sub.state in (State.ACCEPTED, State.SHIPPED)
    return sub.state == report.state


def _accept(
    order: Order, sub: SubOrder, report: Report, at: datetime, actor: Account | None
) -> None:
    sub.state, sub.answered_at, sub.next_at = State.ACCEPTED, at, None
    sub.outside_no = report.outside_no or sub.outside_no
    sub.told_at, sub.sent_at = sub.told_at or at, sub.sent_at or at
    sub.save()
    end_alarm(sub.number, at=at, outcome="accepted")


def _ship(order: Order, sub: SubOrder, report: Report, at: datetime, actor: Account | None) -> None:
    """The parcel is a shipment like any other, which ends the sub-order (`settling`)."""
    sub.answered_at = sub.answered_at or at
    sub.outside_no = report.outside_no or sub.outside_no
    sub.told_at, sub.sent_at = sub.told_at or at, sub.sent_at or at
    sub.save()
    ship_order(
        order_number=order.number,
        carrier=report.carrier,
        tracking_no=report.tracking_no,
        pieces={row.line_id: row.quantity for row in sub.lines.all()},
        warehouse_id=sub.warehouse_id,
        actor=actor,
        at=at,
    )


def _refuse(
    order: Order, sub: SubOrder, report: Report, at: datetime, actor: Account | None
) -> None:
    """Its goods are reserved elsewhere, but with nobody who refused them before; where nobody else
    has them, a person sees to it."""
    sub.state, sub.answered_at, sub.ended_at, sub.next_at = State.REFUSED, at, at, None
    sub.reason = report.reason
    sub.save()
    end_alarm(sub.number, at=at, outcome="refused")
    asked = SubOrder.objects.filter(
        order=order, state=State.REFUSED, lines__line__in=sub.lines.values("line")
    )
    try:
        with transaction.atomic():
            reserve_elsewhere(
                order_number=order.number,
                warehouse_id=sub.warehouse_id,
                region_code=order.region_code,
                reference=sub.number,
                excluded=list(asked.values_list("warehouse_id", flat=True)),
                at=at,
                actor=actor,
            )
    except ShopError as refusal:
        raise_alarm(sub, reason="refused", detail=str(refusal.code), at=at)
    else:
        nudge(FORWARD)


STEPS: Mapping[str, Step] = {State.ACCEPTED: _accept, State.SHIPPED: _ship, State.REFUSED: _refuse}


def _keep(sub: SubOrder, report: Report, outcome: str, at: datetime) -> None:
    PartnerReport.objects.create(
        warehouse_id=sub.warehouse_id,
        sub_order=sub,
        number=sub.number,
        body=report.body[:KEPT_BYTES],
        outcome=outcome,
        received_at=at,
    )


@transaction.atomic
def _keep_refused(
    number: str, warehouse_id: int, report: Report, refusal: ShopError, at: datetime
) -> None:
    """Keep what was refused; goods that are on their way all the same are a person's work."""
    sub = (
        SubOrder.objects.filter(number=number, warehouse=warehouse_id)
        .select_related("order", "warehouse")
        .first()
    )
    PartnerReport.objects.create(
        warehouse_id=warehouse_id,
        sub_order=sub,
        number=number[:64],
        body=report.body[:KEPT_BYTES],
        outcome=Outcome.REFUSED,
        reason=refusal.code[:40],
        received_at=at,
    )
    if sub is not None and report.state == State.SHIPPED:
        detail = f"{refusal.code} {report.carrier} {report.tracking_no}"
        raise_alarm(sub, reason="parcel_not_booked", detail=detail, at=at)
