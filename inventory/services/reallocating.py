"""An order goes elsewhere, or a warehouse will not send its part: goods are let go and reserved
anew, in one step. Source: I-16, O-28.

Locks: the order's reservations, all of the activities they came from, then all stock of their
SKUs, each in pk order and before anything is let go: what is reserved next may lie in rows that
were not held, and taking those one by one would meet another order the other way round.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from inventory.routing import Kit
from inventory.selectors.bundles import in_places
from inventory.selectors.routing import last_attempt
from inventory.services.locking import take_from_activity
from inventory.services.reserving import ORDER, reserve_stock
from inventory.services.spending import release_stock

Wanted = Mapping[str, tuple[int, int]]


@transaction.atomic
def reallocate_order(
    *, order_number: str, region_code: str, at: datetime, actor: Any = None
) -> int:
    """Reserve what an order still holds again, for its new address; returns the pieces.

    What was shipped stays shipped; an order that holds nothing is left alone. Pieces of an
    activity go back to it and are taken from it again. Call it last in a transaction. Queries: 14,
    the same for 1 line and for 20; 9 more with an activity's pieces.
    Raises: OutOfStock, TooManyParcels; everything stays as it was then.
    """
    held = list(
        Reservation.objects.of_source(ORDER, order_number)
        .open()
        .select_related("item", "lender")
        .with_places()
        .locked()
    )
    if not held:
        return 0
    activity_ids = sorted({row.lender.source_id for row in held if row.lender is not None})
    _lock_all(held, activity_ids)
    release_stock(order_number=order_number, at=at, actor=actor)
    where: dict[str, Any] = {
        "order_number": order_number,
        "region_code": region_code,
        "at": at,
        "attempt": held[-1].attempt + 1,
    }
    for activity_id in activity_ids:
        borrowed = (row for row in held if row.lender and row.lender.source_id == activity_id)
        take_from_activity(activity_id=activity_id, wanted=_lines(borrowed)[0], **where)
    wanted, kits = _lines(row for row in held if row.lender is None)
    reserve_stock(wanted=wanted, kits=kits, **where)
    return sum(row.held for row in held)


@transaction.atomic
def reserve_elsewhere(
    *,
    order_number: str,
    warehouse_id: int,
    region_code: str,
    reference: str,
    at: datetime,
    actor: Any = None,
    excluded: Collection[int] = (),
) -> int:
    """Let go of what an order holds in one warehouse and reserve it in others; returns the pieces.

    ``reference`` is the caller's own, one a warehouse that refuses; those in ``excluded`` are not
    asked either. What lies elsewhere stays where it is; an activity's pieces do not leave their
    warehouse. Call it last in a transaction.
    Raises: OutOfStock, TooManyParcels; everything stays as it was then.
    """
    held = list(
        Reservation.objects.of_source(ORDER, order_number)
        .open()
        .filter(item__warehouse_id=warehouse_id)
        .select_related("item__sku")
        .with_places()
        .locked()
    )
    if not held:
        return 0
    lent = next((row for row in held if row.lender_id is not None), None)
    if lent is not None:
        raise OutOfStock(sku=lent.item.sku.code, available=0)
    _lock_all(held, ())
    wanted, kits = _lines(held)
    release_stock(
        order_number=order_number,
        pieces={line_key: pieces for line_key, (_sku, pieces) in wanted.items()},
        reference=reference,
        warehouse_id=warehouse_id,
        at=at,
        actor=actor,
    )
    reserve_stock(
        order_number=order_number,
        wanted=wanted,
        kits=kits,
        region_code=region_code,
        attempt=last_attempt(order_number) + 1,
        excluded=sorted({warehouse_id, *excluded}),
        at=at,
    )
    return sum(row.held for row in held)


def _lock_all(held: Iterable[Reservation], activity_ids: Collection[str]) -> None:
    if activity_ids:
        lenders = Reservation.objects.filter(
            source_type=Reservation.Source.ACTIVITY, source_id__in=activity_ids
        )
        list(lenders.locked().values_list("pk"))
    list(StockItem.objects.of_skus({row.item.sku_id for row in held}).locked().values_list("pk"))


def _lines(rows: Iterable[Reservation]) -> tuple[dict[str, tuple[int, int]], dict[str, Kit]]:
    """What reservations hold, as it was asked for: line key -> SKU id, pieces; and the kits of
    bundles, which go by the name of their first part."""
    wanted: dict[str, tuple[int, int]] = {}
    kits: dict[str, Kit] = {}
    for place in in_places(rows):
        line_key, sku_id = place[0].line_key, place[0].sku_id
        _sku, units = wanted.get(line_key, (0, 0))
        wanted[line_key] = (sku_id, units + place[0].held_units)
        kit = tuple((row.sku_id, row.pieces_each) for row in place)
        if kit != ((sku_id, 1),):
            kits[line_key] = kit
    return wanted, kits
