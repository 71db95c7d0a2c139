"""After-sales of the demo: one case waits for an answer, the goods of one are on their way
back, one is done."""

from datetime import timedelta

from django.db.models import Case, Q, QuerySet, When

from inventory.models import StockItem
from mall.console.demo.people import SHOPPERS
from mall.console.demo.seeding import Seeding, Tally, deliver_events, operator
from orders.models import AfterSale, Order
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    inspect_return,
    refund_after_sale,
    request_after_sale,
    retry_refunds,
    send_back,
)

CASES = (
    ("quality", "收到时有一处开裂，麻烦处理一下。"),
    ("size", "尺寸偏大，想退货。"),
    ("not_as_described", "颜色和页面上不一样。"),
)
RECENT = timedelta(days=5)


def seed_after_sales(seeding: Seeding) -> Tally:
    """Three cases of orders received lately, each a step further; what is there stays."""
    known = AfterSale.objects.count()
    if known >= len(CASES):
        return Tally(0, known)
    orders = Order.objects.filter(
        status=Order.Status.RECEIVED,
        received_at__gt=seeding.at - RECENT,
        after_sales__isnull=True,
        member__isnull=False,
    )
    for step, order in enumerate(_best_known(orders)[: len(CASES) - known], known):
        case = _ask(order, *CASES[step], seeding)
        if step >= 1:
            _send_back(case, seeding)
        if step >= len(CASES) - 1:
            _finish(case, seeding)
    deliver_events(seeding.at)
    made = AfterSale.objects.count() - known
    return Tally(made, known)


def _best_known(orders: QuerySet[Order]) -> list[Order]:
    """Orders of the members that can be signed in as come first: their pages show the cases."""
    known = Q(member__account__phone__in=SHOPPERS)
    return list(orders.order_by(Case(When(known, 0), default=1), "-received_at", "pk"))


def _ask(order: Order, reason: str, text: str, seeding: Seeding) -> AfterSale:
    line = order.lines.filter(is_gift=False).order_by("position")[0]
    assert order.member_id is not None, "only members' orders are asked about"
    return request_after_sale(
        number=order.number,
        member_id=order.member_id,
        request=Request(wish=Wish("return_refund", reason, {line.pk: 1}), text=text),
        at=seeding.at,
    )


def _send_back(case: AfterSale, seeding: Seeding) -> None:
    approve_after_sale(number=case.number, actor=operator("service"), at=seeding.at)
    send_back(
        number=case.number,
        member_id=case.member_id,
        carrier="顺丰速运",
        tracking_no=f"SF{case.pk:010}",
        at=seeding.at,
    )


def _finish(case: AfterSale, seeding: Seeding) -> None:
    rows = list(case.lines.select_related("line"))
    house = StockItem.objects.filter(sku=rows[0].line.sku).order_by("pk")[0]
    inspect_return(
        number=case.number,
        grades={row.pk: {"A": row.quantity} for row in rows},
        warehouse_id=house.warehouse_id,
        actor=operator("warehouse"),
        at=seeding.at,
    )
    refund_after_sale(number=case.number, actor=operator("service"), at=seeding.at)
    retry_refunds(seeding.at)
