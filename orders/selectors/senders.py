"""Which suppliers sent the goods of a case for us, and which of them have not said a word yet."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from inventory.models import Supplier
from orders.models import AfterSale, AfterSaleEvent, AfterSaleLine, SubOrder, SubOrderLine

ANSWERED = "supplier_answered"
"""Code of the step that a supplier's answer is; its note begins with the supplier's code."""


def senders_of(case: AfterSale) -> QuerySet[Supplier]:
    """The suppliers that sent goods of a case for us."""
    sent = SubOrderLine.objects.filter(
        sub_order__state=SubOrder.State.SHIPPED,
        line__in=case.lines.filter(is_gift=False).values("line"),
    )
    return Supplier.objects.filter(pk__in=sent.values("sub_order__warehouse__supplier"))


def silent_senders_of(case: AfterSale) -> QuerySet[Supplier]:
    """Those of them that have not answered. Queries: 1 beside its own."""
    notes = case.events.filter(code=ANSWERED).values_list("note", flat=True)
    return senders_of(case).exclude(code__in=[note.partition(":")[0] for note in notes])


def asked_of(supplier: Supplier, limit: int = 100) -> list[AfterSale]:
    """Open cases of goods that a supplier sent and has not answered, the oldest first; each with
    those lines and sub-orders in hand that are the supplier's. Queries: 3."""
    sent = SubOrderLine.objects.filter(
        sub_order__state=SubOrder.State.SHIPPED, sub_order__warehouse__supplier=supplier
    )
    answers = AfterSaleEvent.objects.filter(
        after_sale=OuterRef("pk"), code=ANSWERED, note__startswith=f"{supplier.code}:"
    )
    theirs = AfterSaleLine.objects.filter(
        after_sale=OuterRef("pk"), is_gift=False, line__in=sent.values("line")
    )
    waiting = AfterSale.objects.filter(Exists(theirs), ~Exists(answers), closed_at=None)
    subs = SubOrder.objects.filter(state=SubOrder.State.SHIPPED, warehouse__supplier=supplier)
    lines = AfterSaleLine.objects.filter(line__in=sent.values("line")).select_related("line")
    return list(
        waiting.select_related("order")
        .prefetch_related(
            Prefetch("lines", lines),
            Prefetch("order__sub_orders", subs.order_by("pk")),
        )
        .order_by("requested_at", "pk")[:limit]
    )
