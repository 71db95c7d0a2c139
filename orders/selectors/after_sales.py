"""Reads of after-sales: a buyer's cases, one with all, what can be asked about an order, the queue
of the operators, what comes back and why. Source: O-44 to O-50."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from inventory.models import ReturnIntake
from mall.kernel.errors import NotFound
from orders import refunds
from orders.models import AfterSale, AfterSaleLine, Order
from orders.services.after_sales.facts import Facts, facts_of


def after_sales_of(member_id: int) -> QuerySet[AfterSale]:
    """A member's cases with all a list shows. Queries: 3 with the page."""
    return _whole(AfterSale.objects.of_member(member_id)).order_by("-pk")


def after_sale(member_id: int, number: str) -> AfterSale:
    """One of the member's cases with everything. Queries: 5. Raises: NotFound."""
    found = _whole(AfterSale.objects.of_member(member_id)).filter(number=number).first()
    if found is None:
        raise NotFound
    case: AfterSale = found
    return case


def cases_of(order_id: int) -> QuerySet[AfterSale]:
    """The cases of an order as its page names them, newest first. Queries: 1."""
    return AfterSale.objects.filter(order_id=order_id).order_by("-pk")


def _whole(cases: QuerySet[AfterSale]) -> QuerySet[AfterSale]:
    lines = AfterSaleLine.objects.select_related("line", "exchange_sku")
    here = ReturnIntake.objects.filter(
        after_sale_number=OuterRef("number"), status=ReturnIntake.Status.ARRIVED
    )
    return (
        cases.annotate(goods_are_here=Exists(here))
        .select_related("order", "pickup", "replacement__carrier")
        .prefetch_related(Prefetch("lines", queryset=lines), "events", "pictures__media")
    )


def askable(member_id: int, number: str) -> Facts:
    """An own order with what can still be asked about it. Queries: 8, 9 with points. Raises:
    NotFound."""
    order = Order.objects.of_member(member_id).filter(number=number).first()
    if order is None:
        raise NotFound
    return facts_of(order, list(order.lines.all()))


def kinds_for(line: refunds.SoldLine) -> list[str]:
    """What may be asked about a line: what is not sent is only paid back."""
    if line.is_gift or not line.free:
        return []
    sent = line.free - line.unshipped
    return [kind.value for kind in refunds.Kind if sent or kind == refunds.Kind.REFUND_ONLY]


def queue_counts() -> dict[str, int]:
    """Cases by state that somebody waits for. Queries: 1."""
    rows = AfterSale.objects.unfinished().order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def reasons_report(since: datetime) -> list[tuple[str, int]]:
    """How many cases each reason brought since a day, the most frequent first (O-49). Queries:
    1."""
    rows = AfterSale.objects.filter(requested_at__gte=since).order_by()
    counted = rows.values_list("reason").annotate(number=Count("pk"))
    return sorted(counted, key=lambda row: (-row[1], row[0]))
