"""Promising pieces to an order: all of them or none. Source: requirement O-08, INV-01."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from catalog.models import Sku
from inventory.allotting import Pick, Shelf, Shortage, allot
from inventory.errors import OutOfStock
from inventory.events import StockReserved
from inventory.models import Reservation, StockItem, StockMovement
from inventory.services.booking import Change, Slip, book, by_sku, mark_products
from mall.kernel.outbox import publish

ORDER = Reservation.Source.ORDER


def source_id_of(number: str, attempt: int) -> str:
    """What a movement names: the order or activity, told apart when it reserves a second time."""
    return number if attempt == 1 else f"{number}#{attempt}"


@transaction.atomic
def reserve_stock(
    *,
    order_number: str,
    wanted: Mapping[str, tuple[int, int]],
    region_code: str,
    at: datetime,
    attempt: int = 1,
    warehouse_id: int | None = None,
) -> None:
    """Promise every line (key -> SKU id, pieces) its pieces: all of it or none.

    Warehouses that serve ``region_code`` come first, then priority; a line that none holds whole is
    split. With ``warehouse_id`` they come from there: an order that is collected in a store.
    ``attempt`` is 2 when a closed order is revived. Call it last in a transaction.
    Locks: all stock of these SKUs, pk order. Queries: 5, and 2 when a SKU sells out; the same for
    1 line and for 20. Raises: OutOfStock. Emits: one StockReserved.
    """
    if not wanted:
        return
    if any(pieces < 1 for _sku_id, pieces in wanted.values()):
        raise ValueError("only positive pieces can be reserved")
    items = _locked_stock({sku_id for sku_id, _pieces in wanted.values()}, warehouse_id)
    picks = picks_of([shelf_of(item, region_code) for item in items], wanted)
    pieces = Counter[int]()
    for pick in picks:
        pieces[pick.item_id] += pick.pieces
    slip = Slip(StockMovement.Kind.RESERVE, ORDER, source_id_of(order_number, attempt), at)
    book(items, {pk: Change(reserved=number) for pk, number in pieces.items()}, slip)
    Reservation.objects.bulk_create(
        [
            Reservation(
                item_id=pick.item_id,
                source_type=ORDER,
                source_id=order_number,
                attempt=attempt,
                line_key=pick.line_key,
                quantity=pick.pieces,
                reserved_at=at,
            )
            for pick in picks
        ]
    )
    mark_products(sold_out(items))
    publish(StockReserved(order_number=order_number, pieces=by_sku(items, pieces), at=at))


def _locked_stock(sku_ids: Collection[int], warehouse_id: int | None) -> list[StockItem]:
    rows = StockItem.objects.of_skus(sku_ids)
    rows = rows.in_use() if warehouse_id is None else rows.filter(warehouse_id=warehouse_id)
    return list(rows.select_related("warehouse").locked())


def picks_of(shelves: Iterable[Shelf], wanted: Mapping[str, tuple[int, int]]) -> list[Pick]:
    """Which shelf gives what to which line. Raises: OutOfStock."""
    answer = allot(wanted, shelves)
    if isinstance(answer, Shortage):
        code = Sku.objects.values_list("code", flat=True).get(pk=answer.sku_id)
        raise OutOfStock(sku=code, available=answer.available)
    return answer


def shelf_of(item: StockItem, region_code: str = "") -> Shelf:
    """Free pieces of a stock row; without a region no warehouse is nearer than another."""
    return Shelf(item.pk, item.sku_id, item.available, rank_of(item, region_code))


def rank_of(item: StockItem, region_code: str) -> tuple[int, ...]:
    """Warehouses that serve the region first, then by priority."""
    house = item.warehouse
    return (int(not house.serves(region_code)), house.priority, house.pk)


def sold_out(items: Iterable[StockItem]) -> list[int]:
    """SKUs of which no warehouse has a free piece left."""
    free = Counter[int]()
    for item in items:
        free[item.sku_id] += item.available
    return [sku_id for sku_id, pieces in free.items() if not pieces]
