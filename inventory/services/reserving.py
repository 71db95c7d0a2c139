"""Promising pieces to an order: all of them or none. Source: requirement O-08, INV-01."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from inventory.events import StockReserved
from inventory.models import Reservation, StockItem, StockMovement
from inventory.routing import Kits, Pick
from inventory.selectors.routing import city_of, policy_of, shelf_of, with_terms
from inventory.services.allocating import decide, log_allocation
from inventory.services.booking import Change, Slip, book, by_sku, mark_products
from mall.kernel.db import Prepared, append
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
    excluded: Collection[int] = (),
    kits: Kits | None = None,
) -> None:
    """Promise every line (key -> SKU id, pieces) its pieces: all of it or none.

    Lines in ``kits`` are bundles and hold pieces of their parts instead, each bundle in one
    warehouse.

    `inventory.routing` chooses the warehouses for ``region_code`` by the routing policy, and an
    `AllocationLog` row says why. With ``warehouse_id`` the goods come from there and nothing is
    routed: an order that is collected in a store. Warehouses in ``excluded`` are not asked.
    ``attempt`` counts the times that the order's goods were reserved. Call it last in a
    transaction.
    Locks: all stock of these SKUs, pk order. Queries: 6, 2 inside `appended_together`, 2 more when
    a SKU sells out; the same for 1 line and for 20. Raises: OutOfStock, TooManyParcels. Emits: one
    StockReserved.
    """
    if not wanted:
        return
    if any(pieces < 1 for _sku_id, pieces in wanted.values()):
        raise ValueError("only positive pieces can be reserved")
    items = _locked_stock(stocked(wanted, kits), region_code, warehouse_id, excluded)
    policy = policy_of(items)
    decided = decide([shelf_of(item) for item in items], wanted, region_code, policy, kits)
    _hold(order_number, attempt, items, decided.picks, at)
    if warehouse_id is None:
        columns = {"order_number": order_number, "attempt": attempt, "region_code": region_code}
        log_allocation(columns, decided, policy, (item.warehouse for item in items), at)


def stocked(wanted: Mapping[str, tuple[int, int]], kits: Kits | None) -> set[int]:
    """The SKUs that give the pieces: those of the lines, of bundles their parts."""
    if not kits:
        return {sku_id for sku_id, _pieces in wanted.values()}
    plain = {sku_id for line_key, (sku_id, _pieces) in wanted.items() if line_key not in kits}
    return plain | {sku_id for kit in kits.values() for sku_id, _each in kit}


def _locked_stock(
    sku_ids: Collection[int],
    region_code: str,
    warehouse_id: int | None,
    excluded: Collection[int],
) -> list[StockItem]:
    return _held_here(
        sku_ids=sku_ids,
        warehouse_id=warehouse_id,
        excluded=excluded,
        city_code=city_of(region_code),
    )


@Prepared
def _held_here(
    *,
    sku_ids: Collection[int],
    warehouse_id: int | None,
    excluded: Collection[int],
    city_code: str,
) -> QuerySet[StockItem]:
    rows = StockItem.objects.of_skus(sku_ids)
    if excluded:
        rows = rows.exclude(warehouse__in=excluded)
    rows = rows.in_use() if warehouse_id is None else rows.filter(warehouse_id=warehouse_id)
    return with_terms(rows, city_code).locked()


def _hold(
    order_number: str,
    attempt: int,
    items: Sequence[StockItem],
    picks: Sequence[Pick],
    at: datetime,
) -> None:
    """Book the picks on their stock rows and say whose they are."""
    pieces = Counter[int]()
    for pick in picks:
        pieces[pick.item_id] += pick.pieces
    slip = Slip(StockMovement.Kind.RESERVE, ORDER, source_id_of(order_number, attempt), at)
    book(items, {pk: Change(reserved=number) for pk, number in pieces.items()}, slip)
    append(
        Reservation(
            item_id=pick.item_id,
            source_type=ORDER,
            source_id=order_number,
            attempt=attempt,
            line_key=pick.line_key,
            quantity=pick.pieces,
            pieces_each=pick.pieces_each,
            reserved_at=at,
        )
        for pick in picks
    )
    mark_products(sold_out(items))
    publish(StockReserved(order_number=order_number, pieces=by_sku(items, pieces), at=at))


def sold_out(items: Iterable[StockItem]) -> list[int]:
    """SKUs of which no warehouse has a free piece left."""
    free = Counter[int]()
    for item in items:
        free[item.sku_id] += item.available
    return [sku_id for sku_id, pieces in free.items() if not pieces]
