"""Spending what an order holds: shipping consumes, cancelling frees, each piece once (INV-04).

Locks: the order's reservations, those of the activity they came from, then their stock rows, each
in pk order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import F

from inventory.errors import NotReserved
from inventory.events import StockConsumed, StockReleased
from inventory.models import Reservation, StockItem, StockMovement
from inventory.selectors.bundles import in_places
from inventory.services.booking import Change, Slip, added, book, by_sku, mark_products
from inventory.services.locking import give_back
from inventory.services.reserving import ORDER, source_id_of
from mall.kernel.outbox import publish

SHIPMENT = "shipment"


@transaction.atomic
def consume_stock(
    *,
    order_number: str,
    pieces: Mapping[str, int],
    shipment_number: str,
    at: datetime,
    actor: Any = None,
    warehouse_id: int | None = None,
) -> None:
    """Take ``pieces`` (line key -> pieces) that the order holds out of the house, into a shipment;
    only out of one warehouse when it is named.

    Queries: 6. Raises: NotReserved; nothing is changed then. Emits: one StockConsumed.
    """
    held = _held_by(order_number, warehouse_id)
    parts = _parts(order_number, held, pieces)
    numbers = _spend("consumed", held, parts)
    items = _locked_items(numbers)
    changes = {pk: Change(on_hand=-number, reserved=-number) for pk, number in numbers.items()}
    book(items, changes, Slip(StockMovement.Kind.SALE, SHIPMENT, shipment_number, at, actor))
    publish(
        StockConsumed(
            order_number=order_number,
            shipment_number=shipment_number,
            pieces=by_sku(items, numbers),
            at=at,
        )
    )


@transaction.atomic
def release_stock(
    *,
    order_number: str,
    at: datetime,
    pieces: Mapping[str, int] | None = None,
    reference: str = "",
    warehouse_id: int | None = None,
    actor: Any = None,
) -> int:
    """Let go of what the order still holds, or only ``pieces`` of some lines; returns how many.

    With ``warehouse_id`` only of what lies there. They are free again; those that came from an
    activity go back to it. A part needs a ``reference`` of its own (the refund that frees it).
    Freeing everything twice frees nothing the second time. Queries: 6, and 2 when a SKU comes back
    into stock; 8 in an activity; 1 when nothing is held.
    Raises: NotReserved. Emits: one StockReleased for what is free.
    """
    if pieces is not None and not reference:
        raise ValueError("a part is released under a reference")
    held = _held_by(order_number, warehouse_id)
    if pieces is None:
        parts = {row.pk: row.held for row in held}
    else:
        parts = _parts(order_number, held, pieces)
    if not parts:
        return 0
    numbers = _spend("released", held, parts)
    back = _give_back(held, parts)
    items = _locked_items(numbers)
    source_id = source_id_of(order_number, held[-1].attempt)
    slip = Slip(
        StockMovement.Kind.RELEASE,
        ORDER,
        f"{source_id}/{reference}" if reference else source_id,
        at,
        actor,
    )
    book(items, {pk: Change() for pk in back}, replace(slip, kind=StockMovement.Kind.GIVE_BACK))
    _set_free(order_number, items, numbers - back, slip)
    return sum(numbers.values())


def _give_back(held: Iterable[Reservation], parts: Mapping[int, int]) -> Counter[int]:
    """Return the parts that are lent to their activities; pieces by stock item id."""
    lenders, numbers = Counter[int](), Counter[int]()
    for row in held:
        if row.lender_id is not None and row.pk in parts:
            lenders[row.lender_id] += parts[row.pk]
            numbers[row.item_id] += parts[row.pk]
    if lenders:
        give_back(lenders)
    return numbers


def _set_free(
    order_number: str, items: Sequence[StockItem], numbers: Counter[int], slip: Slip
) -> None:
    """Count ``numbers`` (stock item id -> pieces) as free again."""
    if not numbers:
        return
    returned = [item.sku_id for item in items if item.pk in numbers and not item.available]
    book(items, {pk: Change(reserved=-number) for pk, number in numbers.items()}, slip)
    mark_products(returned)
    publish(StockReleased(order_number=order_number, pieces=by_sku(items, numbers), at=slip.at))


def _held_by(order_number: str, warehouse_id: int | None = None) -> list[Reservation]:
    held = Reservation.objects.of_source(ORDER, order_number).open().with_places()
    if warehouse_id is not None:
        held = held.filter(warehouse_id=warehouse_id)
    return list(held.locked())


def _locked_items(numbers: Iterable[int]) -> list[StockItem]:
    return list(StockItem.objects.filter(pk__in=list(numbers)).locked())


def _parts(
    order_number: str, held: Iterable[Reservation], wanted: Mapping[str, int]
) -> dict[int, int]:
    """Pieces by reservation id: a line split over warehouses is spent in pk order, and all parts
    of a bundle together."""
    parts: dict[int, int] = {}
    missing = dict(wanted)
    for rows in in_places(held):
        line_key = rows[0].line_key
        units = min(*(row.held_units for row in rows), missing.get(line_key, 0))
        if units:
            parts |= {row.pk: units * row.pieces_each for row in rows}
            missing[line_key] -= units
    for line_key, number in missing.items():
        if number or wanted[line_key] < 1:
            raise NotReserved(
                order=order_number,
                line=line_key,
                held=wanted[line_key] - number,
                wanted=wanted[line_key],
            )
    return parts


def _spend(
    column: Literal["consumed", "released"],
    held: Sequence[Reservation],
    parts: Mapping[int, int],
) -> Counter[int]:
    """Count the parts on their reservations; returns pieces by stock item id. Queries: 1."""
    Reservation.objects.filter(pk__in=list(parts)).update(**{column: F(column) + added(parts)})
    numbers = Counter[int]()
    for row in held:
        if row.pk in parts:
            numbers[row.item_id] += parts[row.pk]
    return numbers
