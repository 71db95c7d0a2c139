"""What questions before buying bring: paid orders of the product within a week, by who answered.
Source: X-61."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from members.models import Ticket
from orders.models import OrderLine

BOUGHT_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One agent's enquiries of some days; without a name those that nobody answered."""

    agent: str
    asked: int
    bought: int

    @property
    def share_bp(self) -> int:
        return self.bought * 10_000 // self.asked if self.asked else 0


def enquiry_figures(start: datetime, end: datetime) -> list[AgentFigures]:
    """Questions before buying that were opened in [start, end), by agent, the busiest first.

    One was of use when its shopper paid for the product within BOUGHT_WITHIN of asking and did not
    send all of it back. Queries: 1.
    """
    asked = Ticket.objects.filter(kind=Ticket.Kind.PRODUCT, opened_at__gte=start, opened_at__lt=end)
    paid = OrderLine.objects.filter(
        order__member=OuterRef("member"),
        product=OuterRef("product_id"),
        order__paid_at__gte=OuterRef("opened_at"),
        order__paid_at__lt=OuterRef("opened_at") + BOUGHT_WITHIN,
        quantity__gt=F("refunded"),
        is_gift=False,
    )
    rows = (
        asked.annotate(product_id=Cast("subject", BigIntegerField()))
        .annotate(is_bought=Exists(paid))
        .values("agent__username")
        .annotate(asked=Count("pk"), bought=Count("pk", Q(is_bought=True)))
        .order_by("-asked", "agent__username")
    )
    return [AgentFigures(row["agent__username"] or "", row["asked"], row["bought"]) for row in rows]
