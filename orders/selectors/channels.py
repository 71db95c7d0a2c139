"""What each sales channel and each touch source brings. Source: X-55, O-55.

An order counts in the channel and on the day it was placed. Its money is what was paid less what
went back; conversion is the paid part of the orders placed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, StrIndex, Substr

from mall.kernel.money import FULL_RATE_BP, half_up
from mall.kernel.words import localized
from orders.models import Channel, Order, OrderLine


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """One channel: orders placed and paid, the money kept, its share of all orders placed."""

    code: str
    title: str
    placed: int
    paid: int
    gmv_fen: int
    share_bp: int

    @property
    def conversion_bp(self) -> int:
        """The paid part of the orders placed."""
        return half_up(self.paid * FULL_RATE_BP, self.placed) if self.placed else 0


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What one kind of touch source led to: paid lines, pieces, what was paid for them."""

    kind: str
    lines: int
    pieces: int
    paid_fen: int


def channel_figures(*, start: datetime, end: datetime) -> list[ChannelFigures]:
    """Every channel of the registry, and codes that are no longer there, most orders first.

    Imported orders came by no channel. Queries: 2.
    """
    rows = (
        _placed(start, end)
        .annotate(code=Case(When(channel="", then=F("source")), default=F("channel")))
        .order_by()
        .values_list("code")
        .annotate(
            placed=Count("pk"),
            paid=Count("pk", Q(paid_at__isnull=False)),
            gmv_fen=Coalesce(Sum(F("paid_fen") - F("refunded_fen")), 0),
        )
    )
    found = {code: (placed, paid, fen) for code, placed, paid, fen in rows}
    total = sum(placed for placed, _paid, _fen in found.values())
    titles = {row.code: localized(row, "title") for row in Channel.objects.all()}
    figures = [
        ChannelFigures(code, titles.get(code, code), placed, paid, fen, _share(placed, total))
        for code in {**titles, **found}
        for placed, paid, fen in [found.get(code, (0, 0, 0))]
    ]
    return sorted(figures, key=lambda one: (-one.placed, one.code))


def source_figures(*, start: datetime, end: datetime) -> list[SourceFigures]:
    """What led to the lines of paid orders, most money first; empty for who came by themselves.

    Queries: 1.
    """
    lines = OrderLine.objects.filter(
        order__in=_placed(start, end).filter(paid_at__isnull=False), is_gift=False
    )
    colon = StrIndex("source", Value(":"))
    kind = Case(When(source__contains=":", then=Substr("source", 1, colon - 1)), default="source")
    rows = (
        lines.annotate(kind=kind)
        .order_by()
        .values_list("kind")
        .annotate(
            lines=Count("pk"),
            pieces=Sum("quantity"),
            kept_fen=Sum(F("payable_fen") - F("refunded_fen")),
        )
    )
    figures = [SourceFigures(*row) for row in rows]
    return sorted(figures, key=lambda one: (-one.paid_fen, one.kind))


def _placed(start: datetime, end: datetime) -> QuerySet[Order]:
    orders = Order.objects.filter(placed_at__gte=start, placed_at__lt=end)
    return orders.exclude(source=Order.Source.IMPORT)


def _share(part: int, whole: int) -> int:
    return half_up(part * FULL_RATE_BP, whole) if whole else 0
