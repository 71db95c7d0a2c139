"""What a granted case gives back: pieces, money, points, coupons, stock, and the order's state, all
in one transaction. Source: O-45; INV-15, 16, 20, 28; design.md, sections 5 and 8."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Sum

from mall.kernel.outbox import publish
from members.models import Account
from members.services import return_points, reverse_points, take_back_growth
from orders import messages, refunds
from orders.events import AfterSalePaidBack, OrderClosed
from orders.models import AfterSale, AfterSaleLine, Order, OrderLine, Payment
from orders.services.after_sales.sharing import reverse_goods, share_refund
from orders.services.after_sales.stepping import step
from orders.services.fulfilment.sorting_paid import end_checks, fulfilment_policy
from orders.services.goods import free_goods, free_pieces
from orders.services.limiting import give_back_editions
from orders.services.moving import move
from orders.services.refunding import open_refund
from orders.services.shipping import left_to_settle
from orders.services.telling import tell_buyer
from orders.states import Deed
from promotions.services import free_offer, give_back_sales, return_budgets, unlock_grants

State, Status = AfterSale.State, Order.Status
AFTER_SALE = "after_sale"
BEFORE_RECEIPT = (Status.PAID, Status.PART_SHIPPED, Status.SHIPPED)


def pay_back(case: AfterSale, *, at: datetime, actor: Account | None = None) -> None:
    """Give back what the case was granted. The caller holds order, lines and case.

    Locks: payments, grants, limited editions, activity, points, member, supplier's amounts, stock.
    Emits: AfterSalePaidBack, OrderClosed when nothing of the order is left. Raises: AfterSaleMoved.
    """
    order = case.order
    rows = list(case.lines.select_related("line"))
    kept_fen = _kept(order)
    _count(case, rows)
    lines = list(order.lines.order_by("pk"))
    order.refunded_fen += case.money_fen
    order.freight_refunded_fen += case.freight_fen
    order.save(update_fields=["refunded_fen", "freight_refunded_fen"])
    is_open = _open_refunds(case, at)
    is_whole = all(line.refunded == line.quantity for line in lines if not line.is_gift)
    if is_whole:
        unlock_grants(order_number=order.number, at=at)
        return_budgets(order_number=order.number, at=at)
        give_back_sales(order_number=order.number, at=at)
    is_over = is_whole and order.status in BEFORE_RECEIPT
    if is_over:
        give_back_editions(order, at)
    if is_over and order.offer_kind:
        free_offer(order_number=order.number, at=at)
    _settle_points(case, kept_fen, at)
    reverse_goods(case, rows, at=at)
    share_refund(case, at=at)
    _announce(case, rows, at)
    was = order.status
    _move_order(order, lines, is_over=is_over, at=at, actor=actor)
    step(case, State.REFUNDING, at=at, actor=actor)
    if not is_open:
        step(case, State.DONE, at=at)
    _free_stock(case, rows, was, is_over=is_over, at=at)


def _kept(order: Order) -> int:
    """What was paid for goods and is not paid back. Queries: 1."""
    left = F("payable_fen") - F("refunded_fen")
    return int(order.lines.aggregate(total=Sum(left))["total"] or 0)


def _count(case: AfterSale, rows: Sequence[AfterSaleLine]) -> None:
    """What was spoken for is paid back now. Queries: 1 a line."""
    for row in rows:
        OrderLine.objects.filter(pk=row.line_id).update(
            refunding=F("refunding") - row.quantity,
            refunding_fen=F("refunding_fen") - row.entitled_fen,
            withdrawing=F("withdrawing") - row.unshipped,
            refunded=F("refunded") + row.quantity,
            refunded_fen=F("refunded_fen") + row.amount_fen,
            withdrawn=F("withdrawn") + row.unshipped,
        )


def _open_refunds(case: AfterSale, at: datetime) -> bool:
    """Open the case's refunds over the order's payments, the last one first; False when there is
    no money in it. Queries: 2, and 1 a refund."""
    if not case.money_fen:
        return False
    accepted = case.order.payments.filter(status=Payment.Status.SUCCEEDED, is_surplus=False)
    payments = {payment.pk: payment for payment in accepted.locked()}
    gone = Counter[int]()
    for payment_id, amount_fen in case.order.refunds.filter(payment__in=payments).values_list(
        "payment_id", "amount_fen"
    ):
        gone[payment_id] += amount_fen
    left = [(pk, payments[pk].amount_fen - gone[pk]) for pk in sorted(payments, reverse=True)]
    for payment_id, part_fen in refunds.spread(case.money_fen, left):
        open_refund(
            payments[payment_id], amount_fen=part_fen, reason=AFTER_SALE, at=at, after_sale=case
        )
    return True


def _settle_points(case: AfterSale, kept_before_fen: int, at: datetime) -> None:
    """Spent points come back by share; what receipt had brought is taken back by share (INV-20)."""
    order = case.order
    if order.member_id is None:
        return
    source_id = f"{order.number}#{case.number}"
    if case.points_back:
        return_points(
            member_id=order.member_id,
            points=case.points_back,
            source_type="order",
            source_id=source_id,
            at=at,
        )
    if order.received_at is None:
        return
    paid_fen = order.lines.aggregate(total=Sum("payable_fen"))["total"] or 0
    kept_fen = _kept(order)
    case.points_taken = refunds.clawback(order.points_earned, paid_fen, kept_before_fen, kept_fen)
    reverse_points(
        member_id=order.member_id,
        points=case.points_taken,
        source_type="order",
        source_id=source_id,
        at=at,
    )
    entry = take_back_growth(
        member_id=order.member_id,
        amount_fen=kept_before_fen - kept_fen,
        source_type="order",
        source_id=source_id,
        order_number=order.number,
        at=at,
    )
    case.growth_taken_fen = -entry.delta_fen if entry is not None else 0
    case.save(update_fields=["points_taken", "growth_taken_fen"])


def _announce(case: AfterSale, rows: Sequence[AfterSaleLine], at: datetime) -> None:
    unsold = Counter[int]()
    for row in rows:
        if row.line.product_id is not None and not row.line.is_gift:
            unsold[row.line.product_id] += row.quantity
    order = case.order
    publish(
        AfterSalePaidBack(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            after_sale_number=case.number,
            reason=case.reason,
            amount_fen=case.money_fen,
            unsold=tuple(sorted(unsold.items())),
            at=at,
        )
    )


def _move_order(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    is_over: bool,
    at: datetime,
    actor: Account | None,
) -> None:
    """The one exception by which after-sales move an order (design.md, section 8)."""
    if is_over:
        move(
            order,
            Deed.REFUNDED,
            at=at,
            actor=actor,
            close_reason=Order.CloseReason.REFUNDED,
            closed_at=at,
        )
        end_checks(order, at)
        publish(
            OrderClosed(
                order_id=order.pk,
                number=order.number,
                member_id=order.member_id,
                reason=Order.CloseReason.REFUNDED,
                at=at,
            )
        )
        tell_buyer(order, messages.ORDER_CLOSED, {}, at=at, cause=f"{order.number}/cancelled")
    elif order.status == Status.PART_SHIPPED and not any(map(left_to_settle, lines)):
        due_at = at + timedelta(days=fulfilment_policy().receive_days)
        move(order, Deed.SHIPPED, at=at, actor=actor, receive_due_at=due_at)


def _free_stock(
    case: AfterSale, rows: Sequence[AfterSaleLine], was: str, *, is_over: bool, at: datetime
) -> None:
    """Pieces that will not be shipped are free again; stock comes last."""
    if is_over:
        free_goods(case.order, at=at)
        return
    pieces = {str(row.line.position): row.unshipped for row in rows if row.unshipped}
    if pieces:
        free_pieces(case.order, pieces, reference=case.number, at=at)
