"""How far one operator goes alone: by role, an order and a day, summed up over small steps.
Source: O-50, ATK-84."""

from datetime import datetime

from django.db.models import F, Sum

from mall.kernel import clock
from members.models import Account
from orders.errors import SecondPersonNeeded
from orders.models import AfterSale, Compensation, Order, ServiceLimit

APPROVE = "orders.approve_aftersale"
SECOND = "orders.refund_aftersale"


def limit_of(actor: Account) -> ServiceLimit | None:
    """The widest limit of the operator's roles; None for the owner, who has none. Queries: 1.

    Roles without a row have the limits a new row begins with.
    """
    if actor.is_superuser:
        return None
    rows = list(ServiceLimit.objects.filter(group__in=actor.groups.all()))
    return max(rows, key=lambda row: row.refund_order_fen, default=ServiceLimit())


def refund_is_within(case: AfterSale, actor: Account | None, at: datetime) -> bool:
    """True when the operator may pay this case back alone: with what the same one granted on this
    order, and today, it stays within the limits. The clock grants nothing it was not told to.
    Queries: 3."""
    if actor is None:
        return True
    limit = limit_of(actor)
    if limit is None:
        return True
    start, end = clock.bounds(clock.day_of(at))
    granted = AfterSale.objects.live().filter(approved_by=actor).exclude(pk=case.pk)
    on_order = _total(granted.filter(order_id=case.order_id))
    today = _total(granted.filter(decided_at__gte=start, decided_at__lt=end))
    return (
        on_order + case.money_fen <= limit.refund_order_fen
        and today + case.money_fen <= limit.refund_day_fen
    )


def _total(cases: object) -> int:
    money = F("goods_fen") + F("freight_fen") - F("gift_charge_fen")
    return int(cases.aggregate(total=Sum(money))["total"] or 0)  # type: ignore[attr-defined]


def compensation_is_within(order: Order, actor: Account, amount_fen: int, at: datetime) -> bool:
    """True when the operator may give so much alone, with what the same one gave on this order, and
    today. Queries: 3."""
    limit = limit_of(actor)
    if limit is None:
        return True
    start, end = clock.bounds(clock.day_of(at))
    given = Compensation.objects.filter(requested_by=actor).exclude(
        state=Compensation.State.REFUSED
    )
    on_order = given.filter(order=order).aggregate(total=Sum("amount_fen"))["total"] or 0
    today = given.filter(requested_at__gte=start, requested_at__lt=end)
    in_day = today.aggregate(total=Sum("amount_fen"))["total"] or 0
    return bool(
        on_order + amount_fen <= limit.compensation_order_fen
        and in_day + amount_fen <= limit.compensation_day_fen
    )


def refuse_own(case: AfterSale, actor: Account | None) -> None:
    """Nobody decides on a case of one's own. Raises: SecondPersonNeeded."""
    if actor is not None and case.member.account_id == actor.pk:
        raise SecondPersonNeeded
