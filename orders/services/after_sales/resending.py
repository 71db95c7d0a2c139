"""The replacement of an exchange leaves: a parcel of its own, no money. Source: O-45, I-42."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from inventory.services import consume_stock
from mall.kernel import audit
from mall.kernel.db import atomic_retry
from members.models import Account
from orders.errors import AfterSaleNotOffered, ParcelKnown
from orders.models import AfterSale, OrderLine, Shipment
from orders.services.after_sales.requesting import locked_case, require
from orders.services.after_sales.sharing import reverse_goods
from orders.services.after_sales.stepping import step
from orders.services.numbering import new_number

State = AfterSale.State


@atomic_retry()
def resend_after_sale(
    *, number: str, carrier: str, tracking_no: str, actor: Account, at: datetime
) -> AfterSale:
    """Send what was reserved for an inspected exchange; the case is done.

    The pieces sent at first stay the order's shipped ones: this parcel has no lines of its own.
    What its supplier has back is not owed any more. Locks: order, lines, case, supplier's amounts,
    stock. Raises: NotFound, AfterSaleMoved, AfterSaleNotOffered,
    ParcelKnown, NotReserved.
    """
    case = locked_case(number)
    require(case, State.INSPECTED)
    if case.kind != AfterSale.Kind.EXCHANGE:
        raise AfterSaleNotOffered
    parcel = _write_parcel(case, carrier, tracking_no, actor, at)
    rows = list(case.lines.select_related("line"))
    for row in rows:
        OrderLine.objects.filter(pk=row.line_id).update(refunding=F("refunding") - row.quantity)
    note = f"{carrier} {tracking_no}"
    step(case, State.DONE, at=at, code="resent", actor=actor, note=note, replacement=parcel)
    audit.record(
        actor=actor,
        verb="orders.resend_after_sale",
        target=case,
        after={"shipment": parcel.number},
        at=at,
    )
    reverse_goods(case, rows, at=at)
    consume_stock(
        order_number=case.number,
        pieces={str(row.pk): row.quantity for row in rows},
        shipment_number=parcel.number,
        actor=actor,
        at=at,
    )
    return case


def _write_parcel(
    case: AfterSale, carrier: str, tracking_no: str, actor: Account, at: datetime
) -> Shipment:
    try:
        with transaction.atomic():
            return Shipment.objects.create(
                number=new_number(at, "S"),
                order=case.order,
                carrier_id=carrier,
                tracking_no=tracking_no,
                shipped_at=at,
                actor=actor,
            )
    except IntegrityError as error:
        raise ParcelKnown from error
