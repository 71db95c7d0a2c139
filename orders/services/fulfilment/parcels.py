"""What is known of a parcel when it leaves: from which warehouse, its weight, cost and promise.

Source: requirements O-18, O-19, I-21, I-24.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from catalog.models import Sku
from inventory.models import Reservation
from inventory.selectors import in_places
from orders.carriers.choosing import area_for
from orders.models import Carrier, Order, OrderLine
from orders.services.fulfilment.carrying import areas_of


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces of one line that lie in one warehouse for the order; bundles count whole."""

    line_key: str
    warehouse_id: int
    pieces: int


def held_for(order_number: str) -> list[Held]:
    """Where the goods of an order lie, first reserved first. Queries: 1."""
    rows = Reservation.objects.of_source(Reservation.Source.ORDER, order_number).open()
    found = in_places(rows.with_places().order_by("pk"))
    return [Held(row.line_key, row.warehouse_id, row.held_units) for row, *_others in found]


def pieces_in(
    held: Iterable[Held], lines: Iterable[OrderLine], warehouse_id: int
) -> dict[int, int]:
    """Line id -> pieces that lie in one warehouse."""
    ids = {str(line.position): line.pk for line in lines}
    pieces: dict[int, int] = {}
    for part in held:
        if part.warehouse_id == warehouse_id and part.line_key in ids:
            line_id = ids[part.line_key]
            pieces[line_id] = pieces.get(line_id, 0) + part.pieces
    return pieces


def parcel_facts(
    order: Order,
    parts: Mapping[OrderLine, int],
    carrier: Carrier,
    *,
    held: Iterable[Held],
    warehouse_id: int | None,
    at: datetime,
) -> dict[str, Any]:
    """The columns of a shipment beside who carries it. Queries: 2."""
    keys = {str(line.position) for line in parts}
    first = next((part.warehouse_id for part in held if part.line_key in keys), None)
    grams = _grams(parts)
    facts: dict[str, Any] = {"warehouse_id": warehouse_id or first, "grams": grams}
    area = area_for(areas_of([carrier])[carrier.code], order.region_code)
    if area is not None:
        facts["cost_fen"] = area.cost_fen(grams)
        facts["promised_at"] = at + timedelta(hours=area.promise_hours)
    return facts


def _grams(parts: Mapping[OrderLine, int]) -> int:
    ids = [line.sku_id for line in parts if line.sku_id is not None]
    weights = dict(Sku.objects.filter(pk__in=ids).values_list("pk", "weight_grams"))
    return sum(weights.get(line.sku_id or 0, 0) * number for line, number in parts.items())
