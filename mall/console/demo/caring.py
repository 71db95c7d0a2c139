"""After-sales of the demo: one case waits for an answer and a carrier at the door, the goods of one
are on their way back, one is done, one is an exchange whose goods are on their way; and what the
help page says of food that does not keep is the promise of its categories."""

from datetime import timedelta

from django.db.models import Case, Q, QuerySet, When

from catalog.models import Category
from inventory.models import StockItem
from mall.console.demo.people import SHOPPERS
from mall.console.demo.seeding import Seeding, Tally, deliver_events, operator
from orders.models import AfterSale, AfterSalePolicy, Order, OrderLine, PickupRequest
from orders.services import (
    PickupWish,
    Request,
    Wish,
    approve_after_sale,
    inspect_return,
    refund_after_sale,
    request_after_sale,
    retry_refunds,
    send_back,
)

RETURN, EXCHANGE = AfterSale.Kind.RETURN_REFUND, AfterSale.Kind.EXCHANGE
CASES = (
    (RETURN, "quality", "收到时有一处开裂，麻烦处理一下。"),
    (RETURN, "size", "尺寸偏大，想退货。"),
    (RETURN, "not_as_described", "颜色和页面上不一样。"),
    (EXCHANGE, "size", "想换一个尺寸。"),
)
DONE = 2
"""The place of the case that is brought to its end."""
RECENT = timedelta(days=5)
FOOD = (
    (
        "fresh",
        "生鲜不支持无理由退货；坏果请在签收 24 小时内拍照，按坏的数量退款，剩下的不用寄回。",
        "Bruised fruit: send a photo within 24 hours; we refund by the piece, you keep the rest.",
    ),
    (
        "bakery",
        "现制食品不支持无理由退货，质量问题照常受理。",
        "Made to order: it comes back only when something is wrong with it.",
    ),
)
FAULT_DAYS = 2


def seed_after_sales(seeding: Seeding) -> Tally:
    """Three cases of orders received lately, each a step further; what is there stays."""
    known = AfterSale.objects.count()
    if known < len(CASES):
        _open_cases(known, seeding)
    _promise_less_for_food()
    return Tally(AfterSale.objects.count() - known, known)


def _open_cases(known: int, seeding: Seeding) -> None:
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
        if step == DONE:
            _finish(case, seeding)
    deliver_events(seeding.at)


def _promise_less_for_food() -> None:
    """Nothing comes back for no reason where nobody could sell it again (O-44)."""
    for slug, note_zh, note_en in FOOD:
        category = Category.objects.filter(slug=slug).first()
        days = {"no_reason_days": 0, "quality_days": FAULT_DAYS, "exchange_days": 0}
        if category is not None:
            AfterSalePolicy.objects.get_or_create(
                category=category, defaults={**days, "note_zh": note_zh, "note_en": note_en}
            )


def _best_known(orders: QuerySet[Order]) -> list[Order]:
    """Orders of the members that can be signed in as come first: their pages show the cases."""
    known = Q(member__account__phone__in=SHOPPERS)
    return list(orders.order_by(Case(When(known, 0), default=1), "-received_at", "pk"))


def _ask(order: Order, kind: str, reason: str, text: str, seeding: Seeding) -> AfterSale:
    line = order.lines.filter(is_gift=False).order_by("position")[0]
    assert order.member_id is not None, "only members' orders are asked about"
    return request_after_sale(
        number=order.number,
        member_id=order.member_id,
        request=Request(
            wish=Wish(kind, reason, {line.pk: 1}),
            text=text,
            exchange_skus=_other_size(line) if kind == EXCHANGE else (),
            pickup=_at_the_door(seeding) if reason == "quality" else None,
        ),
        at=seeding.at,
    )


def _other_size(line: OrderLine) -> tuple[tuple[int, int], ...]:
    """Another SKU of the same product at the same price, when there is one."""
    assert line.sku is not None, "the demo's goods are there"
    others = line.sku.product.skus.filter(is_active=True, price_fen=line.sku.price_fen)
    found = others.exclude(pk=line.sku.pk).order_by("pk").first()
    return ((line.pk, found.pk),) if found else ()


def _at_the_door(seeding: Seeding) -> PickupWish:
    """A carrier comes the day after tomorrow."""
    return PickupWish(seeding.today + timedelta(days=2), PickupRequest.Window.MORNING)


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
