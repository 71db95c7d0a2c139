"""What a warehouse has to do: its queue, the sums of a pick list, the contents of each box.

Source: requirements O-17, O-21.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery

from inventory.models import Reservation, Warehouse
from orders.models import AfterSale, Order, OrderLine, Packing, PickList

PACKABLE = Q(status__in=[Order.Status.PAID, Order.Status.PART_SHIPPED]) & Q(
    stage__in=[Order.Stage.TO_PACK, Order.Stage.PACKED]
)


@dataclass(frozen=True, slots=True)
class Goods:
    """Pieces of one SKU, as they are called on a list."""

    sku_code: str
    title_zh: str
    title_en: str
    options: Sequence[dict[str, str]]
    pieces: int


@dataclass(frozen=True, slots=True)
class Box:
    """What one order takes from a warehouse."""

    order: Order
    packing: Packing | None
    goods: list[Goods] = field(default_factory=list)

    @property
    def pieces(self) -> int:
        """All pieces in it."""
        return sum(one.pieces for one in self.goods)


def packing_queue(warehouse_id: int) -> QuerySet[Order]:
    """Orders with goods in a warehouse that wait to be packed or sent: gold and above first, then
    who paid first. The reader pages it."""
    here = _held_in(warehouse_id).values("source_id")
    return Order.objects.filter(PACKABLE, number__in=here).order_by("-is_priority", "paid_at", "pk")


def waiting_by_warehouse() -> dict[int, int]:
    """How many orders wait in each warehouse. Queries: 1."""
    orders = Order.objects.filter(PACKABLE).values("number")
    held = _held().filter(source_id__in=Subquery(orders))
    rows = held.order_by().values_list("item__warehouse_id")
    return dict(rows.annotate(Count("source_id", distinct=True)))


def without_stock() -> QuerySet[Order]:
    """Orders to be packed that hold goods nowhere: presales whose goods have not come."""
    held = _held().values("source_id")
    waiting = Order.objects.filter(PACKABLE).exclude(number__in=held)
    return waiting.order_by("-is_priority", "paid_at", "pk")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What an inspected exchange takes from a warehouse; it is sent from the page of its case."""

    case: AfterSale
    goods: list[tuple[str, int]]


def replacements_in(warehouse_id: int) -> list[Replacement]:
    """Exchanges of which the goods came back and what goes out instead lies here, the longest
    waiting first. Queries: 2."""
    cases = AfterSale.objects.filter(kind=AfterSale.Kind.EXCHANGE, state=AfterSale.State.INSPECTED)
    held = _held_in(warehouse_id).filter(source_id__in=cases.values("number"))
    goods: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for part in held.select_related("item__sku").order_by("pk"):
        goods[part.source_id].append((part.item.sku.code, part.held))
    found = cases.filter(number__in=list(goods)).select_related("order")
    return [Replacement(case, goods[case.number]) for case in found.order_by("due_at", "pk")]


def boxes_of(orders: Iterable[Order], warehouse_id: int) -> list[Box]:
    """What each order takes from a warehouse, in the given order. Queries: 3."""
    rows = list(orders)
    packings = {
        row.order_id: row
        for row in Packing.objects.filter(order__in=rows, warehouse_id=warehouse_id)
    }
    lines = {
        (line.order_id, str(line.position)): line
        for line in OrderLine.objects.filter(order__in=rows)
    }
    ids = {order.number: order.pk for order in rows}
    goods: dict[int, list[Goods]] = defaultdict(list)
    held = _held_in(warehouse_id).filter(source_id__in=list(ids)).with_places()
    for part in held.order_by("source_id", "pk"):
        line = lines.get((ids[part.source_id], part.line_key))
        if line is not None:
            goods[line.order_id].append(_goods(line, part))
    return [Box(order, packings.get(order.pk), goods[order.pk]) for order in rows]


def summed(boxes: Iterable[Box]) -> list[Goods]:
    """What is fetched from the shelves for all boxes, by SKU. Queries: none."""
    sums: dict[str, Goods] = {}
    for box in boxes:
        for one in box.goods:
            before = sums[one.sku_code].pieces if one.sku_code in sums else 0
            sums[one.sku_code] = Goods(
                one.sku_code, one.title_zh, one.title_en, one.options, before + one.pieces
            )
    return [sums[code] for code in sorted(sums)]


def orders_on(pick_list: PickList) -> QuerySet[Order]:
    """The orders of a list, in the order of the queue."""
    orders = Order.objects.filter(packings__pick_list=pick_list)
    return orders.order_by("-is_priority", "paid_at", "pk")


def shipping_warehouses() -> QuerySet[Warehouse]:
    """Warehouses that pack."""
    return Warehouse.objects.filter(is_active=True)


def _goods(line: OrderLine, held: Any) -> Goods:
    """What is fetched for a line: its goods, or the part of its bundle that is held."""
    for part in line.parts or ():
        if part["sku_id"] == held.sku_id:
            names = (part["code"], part["title_zh"], part["title_en"], part["options"])
            return Goods(*names, held.held)
    return Goods(line.sku_code, line.title_zh, line.title_en, line.options, held.held)


def _held() -> Any:
    return Reservation.objects.filter(source_type=Reservation.Source.ORDER).open()


def _held_in(warehouse_id: int) -> Any:
    return _held().filter(item__warehouse_id=warehouse_id)
