"""What lies on the desks of the back office beside the plan: an order in two parcels, a small
compensation and one that waits for a second person, somebody shut out, yesterday's bill."""

from datetime import timedelta

from catalog.models import Sku
from inventory.models import StockItem
from mall.console.demo.buying import SANDBOX, buy
from mall.console.demo.seeding import Seeding, Tally, operator
from members.models import Address
from orders.models import Compensation, Order, RiskBlock
from orders.services import block, compensate, reconcile_day, record_trace, ship_order

BUYER = "13800000003"
PLENTY = 60
SENT_WITH = ("sf", "SF7700123456789")
SCANS = (("picked", "上海青浦仓", 2), ("transit", "上海转运中心", 6))
SMALL_FEN, BIG_FEN = 500, 8_000
SHUT_OUT = ("13955550000", "同一收货地址多次恶意退货")


def seed_desks(seeding: Seeding) -> Tally:
    """Made once: the blacklist's entry comes last and says that all of it is done."""
    if RiskBlock.objects.exists():
        return Tally(0, 1)
    home = Address.objects.filter(member__account__phone=BUYER, is_default=True).first()
    if home is None:
        return Tally(0)
    _send_half(home, seeding)
    _compensate(seeding)
    reconcile_day(provider=SANDBOX, day=seeding.today - timedelta(days=1), at=seeding.at)
    phone, reason = SHUT_OUT
    block(
        kind=RiskBlock.Kind.PHONE,
        key=phone,
        reason=reason,
        actor=operator("service"),
        at=seeding.at,
    )
    return Tally(4)


def _send_half(home: Address, seeding: Seeding) -> None:
    """Two goods, one of them on its way, the other still to be packed."""
    rich = StockItem.objects.in_use().filter(warehouse__supplier=None, on_hand__gte=PLENTY)
    free = Sku.objects.buyable().filter(
        pk__in=rich.values("sku_id"), product__member_limit=None, product__total_limit=None
    )
    skus = list(free.order_by("pk").values_list("pk", flat=True)[:2])
    if len(skus) < 2:
        return
    at = seeding.at - timedelta(hours=20)
    order = buy(home, skus, at)
    line = order.lines.order_by("position")[0]
    carrier, tracking_no = SENT_WITH
    parcel = ship_order(
        order_number=order.number,
        carrier=carrier,
        tracking_no=tracking_no,
        pieces={line.pk: 1},
        actor=operator("warehouse"),
        at=at + timedelta(hours=3),
    )
    for code, place, hours in SCANS:
        record_trace(
            shipment_number=parcel.number,
            code=code,
            place=place,
            at=at + timedelta(hours=3 + hours),
        )


def _compensate(seeding: Seeding) -> None:
    """One at once, one that is above what the service may give alone."""
    done = Order.objects.filter(
        status=Order.Status.COMPLETED, paid_fen__gt=2 * BIG_FEN, compensations=None
    )
    reasons = ((SMALL_FEN, "送货晚了一天"), (BIG_FEN, "外包装破损，客户情绪较大"))
    for order, (amount_fen, reason) in zip(done.order_by("-pk")[:2], reasons, strict=False):
        if not Compensation.objects.filter(order=order).exists():
            compensate(
                order_number=order.number,
                amount_fen=amount_fen,
                reason=reason,
                actor=operator("service"),
                at=seeding.at,
            )
