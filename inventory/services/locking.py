"""Pieces set aside for an activity, out of normal stock: counted as reserved, owned by the
activity, lent to its orders. Source: requirement I-12, INV-05; design.md, section 6.

What comes back from an order (`release_stock`) goes to the activity it came from; when the activity
is over, `unlock_activity` makes what it still holds free.
Locks: the activity's reservations, then their stock rows, both in pk order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from inventory.events import StockReserved
from inventory.models import AllocationLog, Reservation, StockItem, StockMovement
from inventory.routing import Pick, Shelf
from inventory.selectors.routing import city_of, house_of, policy_of, shelf_of, with_terms
from inventory.services.allocating import ANYWHERE, decide, log_allocation
from inventory.services.booking import Change, Slip, added, book, by_sku, mark_products
from inventory.services.reserving import sold_out, source_id_of
from mall.kernel.outbox import publish

Kind, Source = StockMovement.Kind, Reservation.Source


@transaction.atomic
def lock_for_activity(
    *, activity_id: str, wanted: Mapping[int, int], at: datetime, actor: Any = None
) -> None:
    """Set ``wanted`` (SKU id -> pieces) aside for an activity: all of it or none.

    Asked again, what the activity still holds is given back first. Locks: the activity's
    reservations, then all stock of these SKUs. Queries: 6, more when it held pieces or a SKU sells
    out. Raises: OutOfStock.
    """
    unlock_activity(activity_id=activity_id, at=at, actor=actor)
    attempt = _last_attempt(activity_id) + 1
    rows = StockItem.objects.of_skus(list(wanted)).in_use()
    items = list(with_terms(rows, "").locked())
    lines = {str(sku_id): (sku_id, pieces) for sku_id, pieces in wanted.items() if pieces}
    picks = decide([shelf_of(item) for item in items], lines, "", ANYWHERE).picks
    pieces = {pick.item_id: pick.pieces for pick in picks}
    slip = Slip(Kind.RESERVE, Source.ACTIVITY, source_id_of(activity_id, attempt), at, actor)
    book(items, {pk: Change(reserved=number) for pk, number in pieces.items()}, slip)
    Reservation.objects.bulk_create(
        [
            Reservation(
                item_id=pick.item_id,
                source_type=Source.ACTIVITY,
                source_id=activity_id,
                attempt=attempt,
                line_key=pick.line_key,
                quantity=pick.pieces,
                reserved_at=at,
            )
            for pick in picks
        ]
    )
    mark_products(sold_out(items))


@transaction.atomic
def unlock_activity(*, activity_id: str, at: datetime, actor: Any = None) -> int:
    """Make free what an activity still holds; returns the pieces. Nothing to free is no deed.

    Queries: 4, and 2 when a SKU comes back into stock; 1 when nothing is held.
    """
    rows = list(Reservation.objects.of_source(Source.ACTIVITY, activity_id).locked())
    parts = {row.pk: row.held for row in rows if row.held}
    if not parts:
        return 0
    Reservation.objects.filter(pk__in=list(parts)).update(released=F("released") + added(parts))
    numbers = Counter[int]()
    for row in rows:
        numbers[row.item_id] += parts.get(row.pk, 0)
    items = list(StockItem.objects.filter(pk__in=[pk for pk, n in numbers.items() if n]).locked())
    returned = [item.sku_id for item in items if not item.available]
    released = sum(row.released for row in rows) + sum(parts.values())
    slip = Slip(Kind.RELEASE, Source.ACTIVITY, f"{activity_id}/{released}", at, actor)
    book(items, {item.pk: Change(reserved=-numbers[item.pk]) for item in items}, slip)
    mark_products(returned)
    return sum(numbers.values())


@transaction.atomic
def take_from_activity(
    *,
    order_number: str,
    activity_id: str,
    wanted: Mapping[str, tuple[int, int]],
    region_code: str,
    at: datetime,
    attempt: int = 1,
) -> None:
    """Move pieces (line key -> SKU id, pieces) from an activity to one of its orders.

    They stay reserved: one movement says whose they are now. Call it last in a transaction.
    Queries: 7, the same for 1 line and for 20. Raises: OutOfStock, TooManyParcels. Emits: one
    StockReserved.
    """
    skus = {sku_id for sku_id, _pieces in wanted.values()}
    held = (
        Reservation.objects.of_source(Source.ACTIVITY, activity_id)
        .open()
        .filter(item__sku__in=skus)
    )
    rows = list(with_terms(held, city_of(region_code), "item__warehouse").locked())
    policy = policy_of(rows)
    decided = decide([_shelf(row) for row in rows], wanted, region_code, policy)
    _lend(order_number, attempt, rows, decided.picks, at)
    numbers = Counter[int]()
    homes = {row.pk: row.item_id for row in rows}
    for pick in decided.picks:
        numbers[homes[pick.item_id]] += pick.pieces
    items = list(StockItem.objects.filter(pk__in=list(numbers)).locked())
    slip = Slip(Kind.LEND, Source.ORDER, source_id_of(order_number, attempt), at)
    book(items, {item.pk: Change() for item in items}, slip)
    publish(StockReserved(order_number=order_number, pieces=by_sku(items, numbers), at=at))
    columns = {
        "order_number": order_number,
        "attempt": attempt,
        "stock": AllocationLog.Stock.ACTIVITY,
        "region_code": region_code,
    }
    log_allocation(columns, decided, policy, (row.item.warehouse for row in rows), at)


def give_back(borrowed: Mapping[int, int]) -> None:
    """Count pieces (reservation id -> pieces) that activities get back. Queries: 2.

    Part of `release_stock`, which locks the borrowers before and writes the movement.
    """
    rows = Reservation.objects.filter(pk__in=list(borrowed)).locked()
    Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(
        lent=F("lent") - added(borrowed)
    )


def _last_attempt(activity_id: str) -> int:
    known = Reservation.objects.of_source(Source.ACTIVITY, activity_id)
    return known.aggregate(last=Max("attempt"))["last"] or 0


def _shelf(row: Any) -> Shelf:
    """What an activity holds in a warehouse, as a shelf to pick from; named by the reservation."""
    house = house_of(row.item.warehouse, row.next_day_until)
    return Shelf(row.pk, row.item.sku_id, row.held, house)


def _lend(
    order_number: str,
    attempt: int,
    rows: Iterable[Reservation],
    picks: Sequence[Pick],
    at: datetime,
) -> None:
    homes = {row.pk: row.item_id for row in rows}
    lent = Counter[int]()
    for pick in picks:
        lent[pick.item_id] += pick.pieces
    Reservation.objects.filter(pk__in=list(lent)).update(lent=F("lent") + added(lent))
    Reservation.objects.bulk_create(
        [
            Reservation(
                item_id=homes[pick.item_id],
                lender_id=pick.item_id,
                source_type=Source.ORDER,
                source_id=order_number,
                attempt=attempt,
                line_key=pick.line_key,
                quantity=pick.pieces,
                reserved_at=at,
            )
            for pick in picks
        ]
    )
