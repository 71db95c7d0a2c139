"""Alerts about suppliers: one open row a cause, told once. Source: I-06, I-28, I-32."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inventory.models import SupplierAlert
from inventory.selectors.sourcing import told_of_suppliers
from mall.kernel.db import advisory_lock
from mall.kernel.notify import notify

NAMED = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong at whom; ``goods_id`` when it is about one SKU."""

    supplier_id: int
    kind: str
    goods_id: int | None = None


@transaction.atomic
def settle_alerts(
    *,
    kinds: Collection[str],
    wanted: Mapping[Cause, tuple[int, int]],
    at: datetime,
    supplier_ids: Collection[int] | None = None,
) -> int:
    """Open an alert for each cause (-> figure, limit) that has none, close those whose cause is
    gone; returns how many are new.

    Only alerts of ``kinds`` are looked at, and only of ``supplier_ids`` when given. Locks: one
    advisory lock. Queries: 3, and 3 when something begins.
    """
    advisory_lock("supplier-alerts")
    rows = SupplierAlert.objects.open().filter(kind__in=list(kinds))
    if supplier_ids is not None:
        rows = rows.filter(supplier__in=list(supplier_ids))
    known = {Cause(row.supplier_id, row.kind, row.goods_id): row.pk for row in rows}
    over = [pk for cause, pk in known.items() if cause not in wanted]
    if over:
        SupplierAlert.objects.filter(pk__in=over).update(resolved_at=at)
    begun = SupplierAlert.objects.bulk_create(
        [
            SupplierAlert(
                supplier_id=cause.supplier_id,
                kind=cause.kind,
                goods_id=cause.goods_id,
                figure=figure,
                limit=limit,
                raised_at=at,
            )
            for cause, (figure, limit) in wanted.items()
            if cause not in known
        ]
    )
    if begun:
        _tell([row.pk for row in begun], at)
    return len(begun)


def _tell(alert_ids: list[int], at: datetime) -> None:
    rows = SupplierAlert.objects.filter(pk__in=alert_ids).select_related("supplier", "goods__sku")
    named = [_named(row) for row in rows.order_by("pk")[:NAMED]]
    notify(
        told_of_suppliers(),
        "inventory.supplier_alert",
        {"count": len(alert_ids), "causes": ", ".join(named)},
        route=("admin:inventory_supplieralert_changelist", ()),
        source=f"supplier-alert:{alert_ids[0]}",
        at=at,
    )


def _named(row: SupplierAlert) -> str:
    goods = f" {row.goods.sku.code}" if row.goods else ""
    return f"{row.supplier.title_zh}{goods}: {row.figure} / {row.limit}"
