"""Stock figures of suppliers: taken in by message or file, watched for their age.

Source: I-06, I-32, I-51.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from inventory.errors import SupplierHasNoWarehouse
from inventory.models import Supplier, SupplierAlert, SupplierSku, SupplierSync, Warehouse
from inventory.scoring import is_stale
from inventory.selectors.sourcing import supplier_policy
from inventory.services.supplying.alarming import Cause, settle_alerts
from inventory.services.supplying.reading import StockRow
from inventory.services.supplying.shelving import (
    house_of,
    misplaced,
    place_on_shelf,
    target_of,
)
from mall.kernel.db import advisory_lock

Kind = SupplierAlert.Kind
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Sorted:
    """Rows that are taken, by goods, and those that are not, with the reason."""

    taken: dict[int, int] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: StockRow, reason: str) -> None:
        """Name a row that is not taken."""
        self.refused.append({"row": row.number, "code": row.code, "reason": reason})


@transaction.atomic
def sync_supplier_stock(
    *,
    supplier: Supplier,
    reference: str,
    rows: Sequence[StockRow],
    taken_at: datetime,
    at: datetime,
    way: str = SupplierSync.Way.API,
    actor: Any = None,
) -> SupplierSync:
    """Take in what a supplier has, as of ``taken_at``; the good rows count, the bad are named.

    The same reference is taken in once. Rows that name no goods of the supplier, a SKU that has
    become a bundle, no number, the same code twice, or figures older than those we have are refused
    ("unknown", "bundle", "pieces", "twice", "older"). Sellable becomes the pieces less the buffer.
    Locks: an advisory lock of the supplier's messages, its goods, then their stock rows. Raises:
    SupplierHasNoWarehouse. Queries: the same for any number of rows.
    """
    advisory_lock("supplier-sync", supplier.pk)
    known = SupplierSync.objects.filter(supplier=supplier, reference=reference).first()
    if known is not None:
        return known
    house = house_of(supplier)
    if house is None:
        raise SupplierHasNoWarehouse(supplier=supplier.title_zh)
    taken_at = min(taken_at, at)
    goods = _goods_of(supplier, rows)
    sorted_rows = _sort(rows, goods, taken_at)
    told = _write(goods, sorted_rows.taken, taken_at)
    minutes = supplier_policy().stale_minutes
    targets = {one.sku_id: target_of(one, at, minutes) for one in told}
    place_on_shelf(house, targets, reference, at)
    _alert_low(supplier, at)
    return SupplierSync.objects.create(
        supplier=supplier,
        reference=reference,
        way=way,
        taken_at=taken_at,
        accepted=len(sorted_rows.taken),
        refused=sorted_rows.refused,
        at=at,
        actor=actor,
    )


def _goods_of(supplier: Supplier, rows: Sequence[StockRow]) -> dict[str, SupplierSku]:
    """The goods that the rows name, by the supplier's own code or by ours; locked."""
    codes = [row.code for row in rows if row.code]
    named = Q(supplier_code__in=codes) | Q(sku__code__in=codes)
    found = SupplierSku.objects.filter(named, supplier=supplier).select_related("sku")
    goods: dict[str, SupplierSku] = {}
    for one in list(found.locked()):
        goods.setdefault(one.sku.code, one)
        if one.supplier_code:
            goods[one.supplier_code] = one
    return goods


def _sort(
    rows: Sequence[StockRow], goods: Mapping[str, SupplierSku], taken_at: datetime
) -> _Sorted:
    answer = _Sorted()
    for row in rows:
        one = goods.get(row.code)
        if one is None:
            answer.refuse(row, "unknown")
        elif one.sku.is_bundle:
            answer.refuse(row, "bundle")
        elif row.pieces is None or row.pieces < 0:
            answer.refuse(row, "pieces")
        elif one.pk in answer.taken:
            answer.refuse(row, "twice")
        elif one.synced_at is not None and taken_at < one.synced_at:
            answer.refuse(row, "older")
        else:
            answer.taken[one.pk] = row.pieces
    return answer


def _write(
    goods: Mapping[str, SupplierSku], taken: Mapping[int, int], taken_at: datetime
) -> list[SupplierSku]:
    told = {one.pk: one for one in goods.values() if one.pk in taken}
    for pk, one in told.items():
        one.synced_stock, one.synced_at = taken[pk], taken_at
    SupplierSku.objects.bulk_update(list(told.values()), ["synced_stock", "synced_at"])
    return list(told.values())


def _alert_low(supplier: Supplier, at: datetime) -> None:
    """One alert a crossing: 50 is enough, 49 is told, 48 after it is not told again."""
    synced = SupplierSku.objects.synced().filter(supplier=supplier, is_active=True)
    wanted = {
        Cause(supplier.pk, Kind.LOW, one.pk): (one.synced_stock, one.least_stock)
        for one in synced
        if one.synced_stock < one.least_stock
    }
    settle_alerts(kinds=[Kind.LOW], wanted=wanted, at=at, supplier_ids=[supplier.pk])


def watch_supplier_stock(at: datetime) -> int:
    """Alarm when a supplier's figures are late, and sell no more of them than the buffer.

    Each supplier is its own transaction; goods switched off leave the shelf too. Returns how many
    suppliers are late. Queries: 2, and 3 a supplier; more when something moves.
    """
    minutes = supplier_policy().stale_minutes
    late: dict[Cause, tuple[int, int]] = {}
    houses = Warehouse.objects.filter(supplier__status=Supplier.Status.ACTIVE)
    for house in houses.select_related("supplier").order_by("pk"):
        age = _watch(house, at, minutes)
        if age is not None:
            late[Cause(house.supplier_id or 0, Kind.STALE)] = (age, minutes)
    settle_alerts(kinds=[Kind.STALE], wanted=late, at=at)
    return len(late)


def _watch(house: Warehouse, at: datetime, minutes: int) -> int | None:
    """The age of the oldest figures in minutes when they are stale; puts the shelf right."""
    goods = list(SupplierSku.objects.synced().filter(supplier=house.supplier_id))
    if misplaced(house, goods, at, minutes):
        refresh_supplier_shelf(supplier_id=house.supplier_id or 0, at=at)
    times = [one.synced_at for one in goods if one.is_active and one.synced_at is not None]
    stale = [time for time in times if is_stale(time, at, minutes)]
    return (at - min(stale)) // MINUTE if stale else None


@transaction.atomic
def refresh_supplier_shelf(*, supplier_id: int, at: datetime) -> int:
    """Write the shelf of a supplier again from the figures we have; returns the rows that moved.

    Locks: as `sync_supplier_stock`.
    """
    advisory_lock("supplier-sync", supplier_id)
    house = Warehouse.objects.filter(supplier=supplier_id).first()
    if house is None:
        return 0
    goods = list(SupplierSku.objects.synced().filter(supplier=supplier_id).locked())
    minutes = supplier_policy().stale_minutes
    wrong = misplaced(house, goods, at, minutes)
    return place_on_shelf(house, wrong, f"watch:{at.timestamp():.6f}", at) if wrong else 0
