"""An operator lowers the price of an order that nobody has paid yet (改价).

Source: INV-10. The frozen amounts change here and nowhere else: a trigger lets the change through
only with a new price version and its row in the history.
"""

from datetime import datetime

from django.db.models import Max

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.money import split
from members.models import Account
from orders import messages
from orders.errors import IllegalMove, StillBeingPaid, StopsAtItsTerms
from orders.models import Order, OrderLine, OrderLineStep
from orders.services.closing import end_payments
from orders.services.moving import note_history
from orders.services.settling import STILL_OPEN
from orders.services.telling import tell_buyer
from orders.shop_freights import share_freight
from orders.states import REPRICED

OPERATOR = "operator"
"""Lane, kind and label of the step that an operator's change writes."""


def reprice_order(
    *,
    order_number: str,
    off_fen: int,
    freight_fen: int,
    reason: str,
    actor: Account,
    at: datetime,
) -> Order:
    """Take ``off_fen`` off the goods, spread over their lines, and set the freight to
    ``freight_fen``; neither rises, and something stays to be paid.

    Call it outside transactions: payments that were begun at the old price are ended at their
    providers first. Raises: NotFound, IllegalMove when it is not unpaid (any more), StopsAtItsTerms
    for a presale, StillBeingPaid, InvalidInput (field, allowed range in fen), ProviderAway.
    """
    order = Order.objects.filter(number=order_number).first()
    if order is None:
        raise NotFound
    _check(order, off_fen, freight_fen)
    end_payments(order_id=order.pk, at=at)
    return _reprice(order.pk, off_fen, freight_fen, reason, actor, at)


@atomic_retry()
def _reprice(
    order_id: int, off_fen: int, freight_fen: int, reason: str, actor: Account, at: datetime
) -> Order:
    """Locks: order, lines. Queries: 12 however many lines, and the buyer's message."""
    order: Order = Order.objects.filter(pk=order_id).locked().get()
    _check(order, off_fen, freight_fen)
    if order.payments.filter(status__in=STILL_OPEN).exists():
        raise StillBeingPaid
    before = {"payable_fen": order.payable_fen, "freight_fen": order.freight_fen}
    note_history(order, REPRICED, at=at, actor=actor, note=reason)
    _write_amounts(order, off_fen, freight_fen)
    _write_lines(order, off_fen)
    audit.record(
        actor=actor,
        verb="orders.reprice",
        target=order,
        at=at,
        before=before,
        after={"payable_fen": order.payable_fen, "freight_fen": order.freight_fen},
        reason=reason,
    )
    tell_buyer(
        order,
        messages.ORDER_REPRICED,
        {"amount_fen": order.payable_fen},
        at=at,
        cause=f"{order.number}/price/{order.price_version}",
    )
    return order


def _check(order: Order, off_fen: int, freight_fen: int) -> None:
    """Raises: IllegalMove, StopsAtItsTerms, InvalidInput."""
    if order.status != Order.Status.UNPAID or order.stage == Order.Stage.CLOSING:
        raise IllegalMove(status=order.status)
    if order.deposit_fen:
        raise StopsAtItsTerms
    goods_fen = order.payable_fen - order.freight_fen
    if not 0 <= freight_fen <= order.freight_fen:
        raise InvalidInput(field="freight_fen", allowed=f"0 - {order.freight_fen}")
    most_fen = min(goods_fen, goods_fen + freight_fen - 1)
    if not 0 <= off_fen <= most_fen:
        raise InvalidInput(field="off_fen", allowed=f"0 - {most_fen}")
    if not off_fen and freight_fen == order.freight_fen:
        raise InvalidInput(field="off_fen", allowed=f"1 - {most_fen}")


def _write_amounts(order: Order, off_fen: int, freight_fen: int) -> None:
    """The order's own columns; points are earned on what is paid."""
    goods_fen = order.payable_fen - order.freight_fen
    if off_fen:
        order.points_earned = order.points_earned * (goods_fen - off_fen) // goods_fen
    freight_off_fen = order.freight_fen - freight_fen
    order.price_version += 1
    if freight_off_fen:
        order.freight_steps = [*order.freight_steps, _freight_step(order, freight_off_fen)]
        order.freight_shops = share_freight(order.freight_shops, freight_fen)
    order.discount_fen += off_fen
    order.freight_fen = freight_fen
    order.payable_fen -= off_fen + freight_off_fen
    order.save(
        update_fields=[
            "price_version",
            "discount_fen",
            "freight_fen",
            "freight_steps",
            "freight_shops",
            "payable_fen",
            "points_earned",
        ]
    )


def _freight_step(order: Order, amount_fen: int) -> dict[str, object]:
    return {
        "lane": "freight",
        "kind": OPERATOR,
        "source_id": None,
        "version": order.price_version,
        "label_code": OPERATOR,
        "label_params": {},
        "amount_fen": amount_fen,
    }


def _write_lines(order: Order, off_fen: int) -> None:
    """Spread ``off_fen`` over the lines by what they cost; one step on each that gets cheaper."""
    lines = list(order.lines.locked())
    written = OrderLineStep.objects.filter(line__order=order).order_by().values_list("line_id")
    last = dict(written.annotate(Max("position")))
    parts = split(off_fen, [line.payable_fen for line in lines]) if off_fen else [0] * len(lines)
    for line, part_fen in zip(lines, parts, strict=True):
        line.payable_fen -= part_fen
        line.price_version = order.price_version
    OrderLine.objects.bulk_update(lines, ["payable_fen", "price_version"])
    OrderLineStep.objects.bulk_create(
        [
            OrderLineStep(
                line=line,
                position=last.get(line.pk, 0) + 1,
                lane=OPERATOR,
                kind=OPERATOR,
                version=order.price_version,
                label_code=OPERATOR,
                amount_fen=part_fen,
            )
            for line, part_fen in zip(lines, parts, strict=True)
            if part_fen
        ]
    )
