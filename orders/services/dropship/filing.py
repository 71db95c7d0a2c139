"""Partners that work with files: what they are to send goes out, tracking numbers come back.

The same file serves both ways: its last two columns are empty when it leaves. Source: O-28.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from inventory.models import Warehouse
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import ShopError
from members.models import Account
from orders.models import PartnerReport, SubOrder
from orders.services.dropship.forwarding import outbound_of
from orders.services.dropship.reporting import Report, Reported, report_sub_order
from orders.services.fulfilment.batch_shipping import (
    BAD,
    KNOWN,
    SHIPPED,
    WOULD,
    RowResult,
    read_table,
)

State = SubOrder.State
HEADER = (
    "sub_order", "code", "sku", "title", "pieces", "receiver", "phone", "address", "note",
    "carrier", "tracking_no",
)  # fmt: skip
NEEDED = ("sub_order", "carrier", "tracking_no")
MOST_IN_FILE = 1000

Parcel = tuple[str, str, str]


@atomic_retry()
def file_of_partner(
    *, warehouse: Warehouse, actor: Account, at: datetime
) -> list[tuple[object, ...]]:
    """The rows of everything a partner still has to send, oldest first; what it did not know of
    yet counts as sent with this file. The trail says who took the addresses out.

    Locks: the sub-orders. Queries: 4, 1 a sub-order.
    """
    live = SubOrder.objects.live().filter(warehouse=warehouse)
    ids = list(live.order_by("created_at", "pk").values_list("pk", flat=True)[:MOST_IN_FILE])
    subs = list(
        SubOrder.objects.live().filter(pk__in=ids).select_related("order", "warehouse").locked()
    )
    fresh = [sub.pk for sub in subs if sub.state == State.PENDING]
    SubOrder.objects.filter(pk__in=fresh).update(
        state=State.SENT, told_at=at, sent_at=at, next_at=None, attempts=0, last_error=""
    )
    rows = [row for sub in subs for row in _rows(sub)]
    audit.record(
        actor=actor,
        verb="orders.take_sub_orders",
        target=warehouse,
        after={"sub_orders": [sub.number for sub in subs]},
        at=at,
    )
    return rows


def _rows(sub: SubOrder) -> list[tuple[object, ...]]:
    """One row a line of goods. Queries: 1."""
    out = outbound_of(sub)
    to = (out.receiver_name, out.receiver_phone, out.place, out.note)
    return [
        (out.number, line.code, line.sku, line.title, line.pieces, *to, "", "")
        for line in out.lines
    ]


def ship_by_file(
    *, content: bytes, warehouse: Warehouse, actor: Account, at: datetime, is_trial: bool
) -> list[RowResult]:
    """Tracking numbers of a partner's file, each sub-order in a transaction of its own; a trial
    undoes each. Rows without a tracking number have not left yet.

    Locks, raises nothing a row: as `report_sub_order`, its refusals become results. Raises:
    FileRefused, TooManyRows.
    """
    parcels: dict[Parcel, list[int]] = {}
    for line, row in read_table(content, NEEDED):
        if row["tracking_no"]:
            key = (row["sub_order"], row["carrier"], row["tracking_no"])
            parcels.setdefault(key, []).append(line)
    tell = partial(report_sub_order, warehouse_id=warehouse.pk, actor=actor, at=at)
    return [
        _ship(parcel, tuple(lines), tell, is_trial=is_trial) for parcel, lines in parcels.items()
    ]


def _ship(
    parcel: Parcel, lines: tuple[int, ...], tell: Callable[..., Reported], *, is_trial: bool
) -> RowResult:
    number, carrier, tracking_no = parcel
    if not carrier or len(tracking_no) > 40:
        return RowResult(lines, number, BAD, "tracking_no" if carrier else "carrier")
    report = Report(State.SHIPPED, carrier, tracking_no, body=",".join(parcel))
    try:
        if is_trial:
            reported = _tried(partial(tell, number=number, report=report))
        else:
            reported = tell(number=number, report=report)
    except ShopError as refusal:
        return RowResult(lines, number, BAD, str(refusal))
    if reported.outcome == PartnerReport.Outcome.REPEATED:
        return RowResult(lines, number, KNOWN)
    return RowResult(lines, number, WOULD if is_trial else SHIPPED)


def _tried(tell: Callable[[], Reported]) -> Reported:
    """What would come of it; nothing stays."""
    with transaction.atomic():
        reported = tell()
        transaction.set_rollback(True)
    return reported
