"""What others ship: a supplier's own house with its messages of stock, its scorecard, and
sub-orders in every state a partner brings them to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from catalog.models import Sku
from inventory.models import Reservation, Supplier, SupplierSku, Warehouse
from inventory.services import (
    StockRow,
    grade_suppliers,
    save_supplier_goods,
    save_warehouse,
    sync_supplier_stock,
)
from mall.console.demo.buying import buy
from mall.console.demo.seeding import HISTORY_DAYS, Seeding, Tally, operator
from members.models import Address
from orders.models import ForwardRoute, Order, SubOrder
from orders.services import (
    Report,
    forward_due,
    record_trace,
    report_sub_order,
    save_route,
    ship_order,
    write_sub_orders,
)

SUPPLIER, BUYER = "ningbo-home", "13800000004"
"""Whose goods; and the demo shopper who sees two of the stories in their own orders."""
AREA = "33"
HOUSE: dict[str, Any] = {
    "code": "NB",
    "title_zh": "宁波家居代发仓",
    "title_en": "Ningbo Home, drop-shipped",
    "kind": Warehouse.Kind.SUPPLIER,
    "region_code": "330203",
    "served_prefixes": [AREA],
    "priority": 40,
}
PIECES = {"CUP-RU-PINK": 220, "POT-STEW-RED": 160, "MAHJONG-MINI-BLUE": 45}
"""Goods that no house of our own has, and how many the supplier tells of; of the last so few that
an alert is raised."""
OURS = "TEAPOT-RED"
"""Goes along with the first order: two houses, two parcels."""
State = SubOrder.State
STORIES: tuple[tuple[str, tuple[Report, ...]], ...] = (
    (
        "CUP-RU-PINK",
        (
            Report(state=State.ACCEPTED, outside_no="NB-20418"),
            Report(state=State.SHIPPED, carrier="zto", tracking_no="ZTO75012345678"),
        ),
    ),
    ("POT-STEW-RED", (Report(state=State.ACCEPTED, outside_no="NB-20431"),)),
    ("MAHJONG-MINI-BLUE", (Report(state=State.REFUSED, reason="外箱破损，今天发不出"),)),
    ("POT-STEW-RED", ()),
)
"""What was ordered and what the partner has said of it so far; of the last order nothing."""
SCANS = (("picked", "宁波海曙营业部", 3), ("transit", "杭州转运中心", 9))


def seed_dropshipping(seeding: Seeding) -> Tally:
    """The supplier's house, what lies there, last month's scorecards, and one order a story."""
    known = SubOrder.objects.count()
    supplier = Supplier.objects.filter(code=SUPPLIER, status=Supplier.Status.ACTIVE).first()
    skus = dict(Sku.objects.filter(code__in=[*PIECES, OURS]).values_list("code", "pk"))
    homes = list(Address.objects.filter(region_code__startswith=AREA).order_by("pk"))
    if known or supplier is None or not homes or not set(PIECES) <= set(skus):
        return Tally(0, known)
    house = _house(supplier, seeding)
    _send_stock(supplier, seeding)
    homes.sort(key=lambda home: home.member.account.phone != BUYER)
    for number, (code, words) in enumerate(STORIES):
        wanted = [skus[one] for one in ((code, OURS) if number == 0 else (code,)) if one in skus]
        order = _forwarded(homes[number % len(homes)], wanted, seeding)
        _hear(order, house, words, seeding)
    grade_suppliers(seeding.at)
    return Tally(SubOrder.objects.count())


def _house(supplier: Supplier, seeding: Seeding) -> Warehouse:
    """The house, how it is told, and what comes from there; operators answer for it in the
    console."""
    at, actor = seeding.ago(HISTORY_DAYS, hour=9), operator()
    house = save_warehouse(
        warehouse=Warehouse(supplier=supplier, **HOUSE), changed=list(HOUSE), at=at, actor=actor
    )
    route = ForwardRoute(warehouse=house, adapter=ForwardRoute.Adapter.PORTAL)
    save_route(route=route, actor=actor, at=at)
    for sku in Sku.objects.filter(code__in=PIECES).order_by("pk"):
        goods = SupplierSku(supplier=supplier, sku=sku, cost_fen=sku.cost_fen)
        save_supplier_goods(goods=goods, changed=["cost_fen"], actor=actor, at=at)
    return house


def _send_stock(supplier: Supplier, seeding: Seeding) -> None:
    """This morning's message; its last row names goods that nobody knows."""
    told = [*PIECES.items(), ("NB-OLD-7", 12)]
    sync_supplier_stock(
        supplier=supplier,
        reference=f"NB-{seeding.today:%Y%m%d}-08",
        rows=[StockRow(line, code, pieces) for line, (code, pieces) in enumerate(told, 2)],
        taken_at=seeding.at,
        at=seeding.at,
        actor=operator("purchasing"),
    )


def _forwarded(home: Address, sku_ids: Sequence[int], seeding: Seeding) -> Order:
    """An order of yesterday that the partner was told of; our own part of it is sent."""
    at = seeding.at - timedelta(hours=30)
    order = buy(home, sku_ids, at)
    write_sub_orders(order_number=order.number, at=at)
    forward_due(at)
    if len(sku_ids) > 1:
        ship_order(
            order_number=order.number,
            carrier="sf",
            tracking_no=f"SF77{order.pk:011}",
            warehouse_id=_own_house(order),
            actor=operator("warehouse"),
            at=at + timedelta(hours=2),
        )
    return order


def _own_house(order: Order) -> int:
    """Where our own part of it lies."""
    held = Reservation.objects.of_source(Reservation.Source.ORDER, order.number).open()
    ours = held.filter(item__warehouse__supplier=None).order_by("pk")
    return int(ours.values_list("item__warehouse", flat=True)[0])


def _hear(order: Order, house: Warehouse, words: Sequence[Report], seeding: Seeding) -> None:
    """What the partner answers, hour by hour, and where its parcel is."""
    at = order.placed_at
    sub = order.sub_orders.get()
    for hours, word in enumerate(words, 3):
        report_sub_order(
            number=sub.number,
            warehouse_id=house.pk,
            report=word,
            at=at + timedelta(hours=hours),
            actor=operator("purchasing"),
        )
    sub.refresh_from_db()
    if sub.shipment is None:
        return
    for code, place, hours in SCANS:
        record_trace(
            shipment_number=sub.shipment.number,
            code=code,
            place=place,
            at=at + timedelta(hours=4 + hours),
        )
