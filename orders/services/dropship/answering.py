"""Suppliers answer after-sales of what they sent: each answer is noted once, and so is a miss.

A supplier is asked when the buyer asks; its first word counts against the agreed minutes. Source:
I-26, I-27.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from inventory.models import Supplier, SupplierFact
from inventory.selectors import terms_of
from inventory.services import record_answer
from mall.kernel import audit, clock
from mall.kernel.errors import NotFound
from members.models import Account
from orders.models import AfterSale, SubOrder, SubOrderLine
from orders.selectors.senders import ANSWERED, senders_of, silent_senders_of
from orders.services.after_sales.stepping import write_down

LOOKS_BACK = timedelta(days=7)
"""Longer than any supplier may take; what is older was noted, or nobody was there to note it."""
CASE = "line__after_sale_lines__after_sale"


@transaction.atomic
def note_supplier_answer(
    *, number: str, supplier_id: int, at: datetime, note: str = "", actor: Account | None = None
) -> bool:
    """Note a supplier's first answer to a case of goods that it sent; False when it was known.

    An answer after its time stands in the case's history; the miss stays. Of a case that is over
    nobody awaits one: it is no fact. Locks: the case. Raises: NotFound for a case of anybody else's
    goods.
    """
    case = AfterSale.objects.filter(number=number).locked().first()
    supplier = senders_of(case).filter(pk=supplier_id).first() if case is not None else None
    if case is None or supplier is None:
        raise NotFound
    if not silent_senders_of(case).filter(pk=supplier_id).exists():
        return False
    if case.closed_at is None:
        record_answer(
            supplier_id=supplier.pk,
            reference=case.number,
            asked_at=case.requested_at,
            answered_at=at,
            at=at,
        )
    words = f"{supplier.code}: {note}"
    write_down(case, ANSWERED, before=case.state, at=at, actor=actor, note=words)
    if actor is not None:
        audit.record(
            actor=actor,
            verb="orders.note_supplier_answer",
            target=case,
            after={"supplier": supplier.code},
            reason=note[:200],
            at=at,
        )
    return True


def note_missed_answers(at: datetime, limit: int = 200) -> int:
    """Note the suppliers whose minutes are over without a word; returns how many. A case that is
    over needs no answer any more. Safe to repeat. Queries: 1, 2 a supplier, 2 a miss."""
    known = SupplierFact.objects.filter(
        kind=SupplierFact.Kind.ANSWERED, supplier=OuterRef("supplier"), reference=OuterRef("number")
    )
    # Columns first: each condition is then about the very case whose number is read.
    sent = SubOrderLine.objects.annotate(
        number=F(f"{CASE}__number"),
        asked_at=F(f"{CASE}__requested_at"),
        over_at=F(f"{CASE}__closed_at"),
        of_gift=F("line__after_sale_lines__is_gift"),
        supplier=F("sub_order__warehouse__supplier"),
    )
    waiting = sent.filter(
        asked_at__gte=at - LOOKS_BACK,
        over_at=None,
        of_gift=False,
        sub_order__state=SubOrder.State.SHIPPED,
        supplier__isnull=False,
    ).exclude(Exists(known))
    rows = waiting.order_by("asked_at", "number").values_list("number", "asked_at", "supplier")
    allowed: dict[tuple[int, datetime], timedelta] = {}
    missed = 0
    for number, asked_at, supplier_id in rows.distinct()[:limit]:
        key = (supplier_id, clock.bounds(clock.day_of(asked_at))[0])
        if key not in allowed:
            allowed[key] = _allowed(supplier_id, asked_at)
        if at > asked_at + allowed[key]:
            missed += record_answer(
                supplier_id=supplier_id,
                reference=number,
                asked_at=asked_at,
                answered_at=None,
                at=at,
            )
    return missed


def _allowed(supplier_id: int, asked_at: datetime) -> timedelta:
    """The minutes that its agreement of the day gives. Queries: 2."""
    terms = terms_of(Supplier.objects.get(pk=supplier_id), clock.day_of(asked_at))
    return timedelta(minutes=terms.answers_within_minutes)
