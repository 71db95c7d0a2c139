"""Two stores of the demo with some of the best known goods, and an order that waits in one."""

from decimal import Decimal

from catalog.models import Sku
from inventory.models import StockItem, Store, Warehouse
from inventory.services import receive_delivery, save_store
from mall.console.demo.seeding import HISTORY_DAYS, Seeding, Tally, operator
from members.models import Account, Member
from orders.models import Order
from orders.services import (
    Collect,
    Submission,
    Wanted,
    pay_at_cashier,
    place_order,
    ready_pickup,
    start_payment,
)

CLERK, BUYER = "store", "13800000001"
GOODS, PIECES = 12, 20
SANDBOX = "sandbox"
STORES = (
    {
        "code": "west-lake",
        "title_zh": "西湖银泰店",
        "title_en": "West Lake store",
        "region_code": "330106",
        "address_zh": "延安路 98 号 2 楼",
        "address_en": "2/F, 98 Yan'an Road",
        "latitude": Decimal("30.245300"),
        "longitude": Decimal("120.164200"),
        "hours_zh": "每天 10:00-21:30",
        "hours_en": "Daily 10:00-21:30",
        "phone": "0571-87001234",
        "events_zh": "周六下午三点：新品试用会，到店有礼。",
        "events_en": "Saturdays at three: try what is new, with a gift for who comes.",
    },
    {
        "code": "jingan",
        "title_zh": "静安寺店",
        "title_en": "Jing'an store",
        "region_code": "310106",
        "address_zh": "南京西路 1618 号",
        "address_en": "1618 West Nanjing Road",
        "latitude": Decimal("31.223900"),
        "longitude": Decimal("121.445600"),
        "hours_zh": "每天 10:00-22:00",
        "hours_en": "Daily 10:00-22:00",
        "phone": "021-62001234",
    },
)


def seed_stores(seeding: Seeding) -> Tally:
    """The stores, each with its stock and the demo's clerk."""
    clerk = Account.objects.get(username=CLERK)
    at, made = seeding.ago(HISTORY_DAYS, hour=9), 0
    for columns in STORES:
        if Store.objects.filter(code=columns["code"]).exists():
            continue
        store = Store(**columns)
        save_store(store=store, changed=list(columns), staff=[clerk], actor=operator(), at=at)
        _fill(store.warehouse, seeding)
        made += 1
    return Tally(made, len(STORES) - made)


def _fill(house: Warehouse, seeding: Seeding) -> None:
    """Pieces of what the first goods of the shop have in stock."""
    known = StockItem.objects.filter(on_hand__gte=PIECES).order_by("sku_id").values("sku_id")
    skus = Sku.objects.buyable().filter(pk__in=known).order_by("pk")[:GOODS]
    receive_delivery(
        warehouse=house,
        pieces={sku.pk: PIECES for sku in skus},
        source_type="opening",
        source_id=f"demo-{house.code}",
        at=seeding.ago(HISTORY_DAYS, hour=9),
        actor=operator(),
    )


def seed_pickup(seeding: Seeding) -> Tally:
    """One paid order that lies ready in the first store."""
    if Order.objects.filter(delivery=Order.Delivery.PICKUP).exists():
        return Tally(0, 1)
    member = Member.objects.get(account__phone=BUYER)
    store = Store.objects.get(code=STORES[0]["code"])
    item = store.warehouse.stock_items.order_by("pk").first()
    assert item is not None, "the store was filled before"
    order = place_order(
        member_id=member.pk,
        submission=Submission(
            wanted=(Wanted(item.sku_id, 1),),
            collect=Collect(store.pk, member.nickname, BUYER),
            source=Order.Source.DEMO,
        ),
        at=seeding.at,
    )
    payment = start_payment(
        order_number=order.number,
        member_id=member.pk,
        provider=SANDBOX,
        scene=SANDBOX,
        at=seeding.at,
    ).payment
    pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=seeding.at)
    ready_pickup(order_number=order.number, actor=operator(CLERK), at=seeding.at)
    return Tally(1)
