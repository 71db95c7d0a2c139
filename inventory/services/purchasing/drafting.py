"""Drafting purchase orders: by hand, or out of suggestions at the best supplier.

Source: I-25, I-27, I-36..I-38, O-32.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Sku
from inventory.errors import (
    NobodySupplies,
    NoWarehouse,
    PurchaseMoveRefused,
    PurchaseUnderMinimum,
    SupplierNotOrderable,
)
from inventory.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseSuggestion,
    RestockAlert,
    Supplier,
    SupplierSku,
    Warehouse,
)
from inventory.scoring import Offer, order_quantity
from inventory.selectors.sourcing import best_offers, offer_of
from inventory.services.numbers import document_number
from mall.kernel import audit, clock
from mall.kernel.errors import Conflict, InvalidInput

Status = PurchaseOrder.Status


@transaction.atomic
def draft_purchase(
    *,
    supplier_id: int,
    warehouse_id: int,
    pieces: Mapping[int, int],
    at: datetime,
    actor: Any = None,
    note: str = "",
) -> PurchaseOrder:
    """Draft an order of ``pieces`` (SKU id -> pieces) at the supplier's costs.

    It is expected after the longest lead time. Locks: the supplier. Raises: SupplierNotOrderable,
    NobodySupplies, PurchaseUnderMinimum, InvalidInput for a house closed or of a partner.
    """
    supplier = orderable(supplier_id)
    house = _house(warehouse_id)
    offers = _offers_at(supplier, pieces)
    today = clock.day_of(at)
    order = PurchaseOrder.objects.create(
        number=document_number("PO", at),
        supplier=supplier,
        warehouse=house,
        expected_on=today + timedelta(days=longest(offers.values())),
        note=note,
        made_at=at,
        made_by=actor,
    )
    _fill(order, pieces, offers)
    _record(order, "inventory.draft_purchase", at, actor)
    return order


@transaction.atomic
def change_purchase(
    *, order_id: int, pieces: Mapping[int, int], at: datetime, actor: Any = None
) -> PurchaseOrder:
    """Write the goods of a draft anew; 0 pieces leave it. Locks: the supplier, the order.

    Raises: PurchaseMoveRefused, and what `draft_purchase` raises.
    """
    supplier = orderable(PurchaseOrder.objects.values_list("supplier", flat=True).get(pk=order_id))
    order = PurchaseOrder.objects.locked().get(pk=order_id)
    if order.status != Status.DRAFT:
        raise refused(order)
    wanted = {sku_id: number for sku_id, number in pieces.items() if number}
    order.lines.all().delete()
    _fill(order, wanted, _offers_at(supplier, wanted))
    _record(order, "inventory.change_purchase", at, actor)
    return order


@transaction.atomic
def order_suggested(
    *,
    suggestion_ids: Collection[int],
    at: datetime,
    warehouse_id: int | None = None,
    actor: Any = None,
) -> list[PurchaseOrder]:
    """Draft orders for suggestions, one a supplier and warehouse: each SKU at its best offer, at
    least the supplier's minimum.

    Without a ``warehouse_id`` goods come to the warehouse whose stock ran low, where it is ours and
    in use, else to the first of ours. The suggestions are dealt with; cancelling an order opens
    them again. Locks: the suggestions, pk order, then the suppliers. Raises: Conflict when one was
    dealt with, NobodySupplies, NoWarehouse.
    """
    open_ones = PurchaseSuggestion.objects.open().filter(pk__in=list(suggestion_ids))
    rows = list(open_ones.locked())
    if len(rows) != len(set(suggestion_ids)):
        raise Conflict
    offers = best_offers({row.sku_id for row in rows})
    if missing := [row.sku_id for row in rows if row.sku_id not in offers]:
        raise _nobody(missing[0])
    houses = {row.pk: warehouse_id for row in rows} if warehouse_id else _houses_of(rows)
    together: dict[tuple[int, int], list[PurchaseSuggestion]] = defaultdict(list)
    for row in rows:
        together[offers[row.sku_id].supplier_id, houses[row.pk]].append(row)
    orders = []
    for (supplier_id, house_id), ours in sorted(together.items()):
        order = draft_purchase(
            supplier_id=supplier_id,
            warehouse_id=house_id,
            pieces=_needed(ours, offers),
            at=at,
            actor=actor,
            note=", ".join(dict.fromkeys(row.title for row in ours if row.title))[:200],
        )
        order.suggestions.set(ours)
        PurchaseSuggestion.objects.filter(pk__in=[row.pk for row in ours]).update(
            settled_at=at, settled_by=actor, note=order.number
        )
        orders.append(order)
    return orders


def _houses_of(rows: Sequence[PurchaseSuggestion]) -> dict[int, int]:
    """The warehouse that each suggestion is for, by its id. Queries: 2. Raises: NoWarehouse."""
    ours = Warehouse.objects.routed().filter(supplier=None).order_by("priority", "pk")
    first = ours.values_list("pk", flat=True).first()
    if first is None:
        raise NoWarehouse
    alerts = RestockAlert.objects.filter(suggestion__in=rows, item__warehouse__in=ours).order_by()
    short = dict(alerts.values_list("suggestion", "item__warehouse"))
    return {row.pk: short.get(row.pk, first) for row in rows}


def _needed(rows: Sequence[PurchaseSuggestion], offers: Mapping[int, Offer]) -> dict[int, int]:
    needed: dict[int, int] = defaultdict(int)
    for row in rows:
        needed[row.sku_id] += row.pieces
    return {sku_id: order_quantity(need, offers[sku_id].moq) for sku_id, need in needed.items()}


def orderable(supplier_id: int) -> Supplier:
    """The locked supplier, when it may be sent orders. Raises: SupplierNotOrderable."""
    supplier = Supplier.objects.locked().get(pk=supplier_id)
    if supplier.status != Supplier.Status.ACTIVE:
        raise SupplierNotOrderable(
            supplier=supplier.title_zh, status=str(Supplier.Status(supplier.status).label)
        )
    return supplier


def _house(warehouse_id: int) -> Warehouse:
    """The warehouse, when goods may come there. Raises: InvalidInput."""
    house = Warehouse.objects.get(pk=warehouse_id)
    if not house.is_active or house.supplier_id is not None:
        raise InvalidInput(field=_("warehouse"), allowed=_("a warehouse of our own that is in use"))
    return house


def refused(order: PurchaseOrder) -> PurchaseMoveRefused:
    """The refusal of what the order's status does not allow."""
    return PurchaseMoveRefused(number=order.number, status=str(Status(order.status).label))


def longest(offers: Collection[Offer]) -> int:
    """The lead time of the goods that take longest, in days."""
    return max((offer.lead_days for offer in offers), default=0)


def _offers_at(supplier: Supplier, pieces: Mapping[int, int]) -> dict[int, Offer]:
    """What the supplier offers of these SKUs. Raises: NobodySupplies, PurchaseUnderMinimum."""
    rows = SupplierSku.objects.offered().filter(supplier=supplier, sku__in=list(pieces))
    offers = {row.sku_id: offer_of(row) for row in rows.select_related("supplier")}
    for sku_id, number in pieces.items():
        if sku_id not in offers:
            raise _nobody(sku_id)
        if number < offers[sku_id].moq:
            raise PurchaseUnderMinimum(
                supplier=supplier.title_zh, moq=offers[sku_id].moq, sku=_code(sku_id)
            )
    return offers


def _fill(order: PurchaseOrder, pieces: Mapping[int, int], offers: Mapping[int, Offer]) -> None:
    lines = [
        PurchaseOrderLine(
            order=order, sku_id=sku_id, quantity=number, cost_fen=offers[sku_id].cost_fen
        )
        for sku_id, number in sorted(pieces.items())
    ]
    PurchaseOrderLine.objects.bulk_create(lines)
    order.total_fen = sum(line.total_fen for line in lines)
    order.save(update_fields=["total_fen"])


def _nobody(sku_id: int) -> NobodySupplies:
    return NobodySupplies(sku=_code(sku_id))


def _code(sku_id: int) -> str:
    return Sku.objects.values_list("code", flat=True).get(pk=sku_id)


def _record(order: PurchaseOrder, verb: str, at: datetime, actor: Any) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=order,
        after={
            "total_fen": order.total_fen,
            "lines": [f"{line.sku_id} × {line.quantity}" for line in order.lines.all()],
        },
        at=at,
    )
