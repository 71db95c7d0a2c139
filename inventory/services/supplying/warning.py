"""Documents of suppliers: warned of before they run out, and when they have. Source: I-25."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from inventory.models import Supplier, SupplierDocument
from inventory.selectors.sourcing import supplier_policy, told_of_suppliers
from mall.kernel import clock
from mall.kernel.notify import notify

Alert = SupplierDocument.Alert
NAMED = 5


@transaction.atomic
def warn_of_supplier_documents(at: datetime) -> int:
    """Tell operators of documents that run out soon, and of those that have; each of both once.

    Locks: the documents, pk order. Queries: 3 and those of the messages.
    """
    today = clock.day_of(at)
    last_day = today + timedelta(days=supplier_policy().document_alert_days)
    due = SupplierDocument.objects.filter(expires_on__lte=last_day).exclude(alerted=Alert.OVER)
    ours = due.exclude(supplier__status=Supplier.Status.ENDED).select_related("supplier")
    rows = [row for row in list(ours.locked()) if row.alerted != _alert(row, today)]
    for row in rows:
        row.alerted = _alert(row, today)
    SupplierDocument.objects.bulk_update(rows, ["alerted"])
    for alert in (Alert.SOON, Alert.OVER):
        _tell([row for row in rows if row.alerted == alert], alert, at)
    return len(rows)


def _alert(row: SupplierDocument, today: date) -> str:
    assert row.expires_on is not None
    return Alert.OVER if row.expires_on < today else Alert.SOON


def _tell(rows: Sequence[SupplierDocument], alert: str, at: datetime) -> None:
    if not rows:
        return
    named = [f"{row.supplier.title_zh} {row} ({row.expires_on})" for row in rows[:NAMED]]
    notify(
        told_of_suppliers(),
        f"inventory.supplier_document_{alert}",
        {"count": len(rows), "documents": ", ".join(named)},
        route=("admin:inventory_supplierdocument_changelist", ()),
        source=f"supplier-document:{alert}:{rows[0].pk}:{rows[0].expires_on}",
        at=at,
    )
