"""Orders as rows of a table, with the columns that its reader may see. Source: O-12, O-53.

Titles are in the reader's language; instants are Shanghai wall time, amounts are yuan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel import clock
from mall.kernel.money import yuan
from orders import words
from orders.models import Order, OrderHistory, OrderLine
from orders.states import INVOICE_ASKED

MOST_ROWS = 5_000
"""Lines of one file; more is asked for in parts."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the reader of a file may see beside the ordinary."""

    phones: bool = False
    costs: bool = False


Cell = Callable[[Order, OrderLine, Sight], Any]


def placed_in(*, start: datetime, end: datetime, status: str = "") -> QuerySet[Order]:
    """Orders that were placed in a span, of one status or of any."""
    orders = Order.objects.filter(placed_at__gte=start, placed_at__lt=end)
    return orders.filter(status=status) if status else orders


def invoiced_in(*, start: datetime, end: datetime, status: str = "") -> QuerySet[Order]:
    """Orders whose invoice was asked for in a span, with the order or later on its page."""
    asked = Order.objects.filter(invoice__isnull=False, placed_at__lt=end)
    orders = asked.alias(asked_at=_asked_at("pk", "placed_at")).filter(
        asked_at__gte=start, asked_at__lt=end
    )
    return orders.filter(status=status) if status else orders


def _asked_at(order: str, placed_at: str) -> Coalesce:
    """When an invoice was asked for: the history tells of one that was not said with the order."""
    later = OrderHistory.objects.filter(order_id=OuterRef(order), code=INVOICE_ASKED)
    return Coalesce(Subquery(later.order_by().values("at")[:1]), F(placed_at))


def export_header(sight: Sight) -> list[str | Promise]:
    """The titles of the columns."""
    return [title for title, _cell in _columns(sight)]


def export_rows(orders: QuerySet[Order], sight: Sight) -> Iterator[list[Any]]:
    """One row an order line. Queries: 2, however many orders."""
    columns = _columns(sight)
    asked_at = _asked_at("order_id", "order__placed_at")
    lines = (
        OrderLine.objects.filter(order__in=orders.order_by())
        .annotate(invoice_asked_at=Case(When(order__invoice__isnull=False, then=asked_at)))
        .select_related("order__member", "sku")
        .order_by("-order__placed_at", "-order_id", "position")
    )
    for line in lines[: MOST_ROWS + 1]:
        yield [cell(line.order, line, sight) for _title, cell in columns]


def _columns(sight: Sight) -> list[tuple[str | Promise, Cell]]:
    columns = [*ORDER, *LINE, *INVOICE]
    if sight.costs:
        columns += COST
    return columns


def _phone(order: Order, _line: OrderLine, sight: Sight) -> str:
    phone = order.receiver_phone
    return phone if sight.phones or not phone else f"{phone[:3]}****{phone[-4:]}"


def _billed(key: str) -> Cell:
    return lambda order, _line, _sight: (order.invoice or {}).get(key) or ""


def _amount(name: str) -> Cell:
    return lambda order, _line, _sight: yuan(getattr(order, name))


def _line_amount(name: str) -> Cell:
    return lambda _order, line, _sight: yuan(getattr(line, name))


def _at(name: str) -> Cell:
    return lambda order, _line, _sight: _wall(getattr(order, name))


def _line_at(name: str) -> Cell:
    return lambda _order, line, _sight: _wall(getattr(line, name))


def _wall(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _cost(_order: Order, line: OrderLine, _sight: Sight) -> str:
    cost_fen = line.sku.cost_fen if line.sku else None
    return "" if cost_fen is None else yuan(cost_fen * line.quantity)


ORDER: list[tuple[str | Promise, Cell]] = [
    (_("number"), lambda order, _line, _sight: order.number),
    (_("state"), lambda order, _line, _sight: words.status(order)),
    (_("source"), lambda order, _line, _sight: order.get_source_display()),
    (_("placed at"), _at("placed_at")),
    (_("paid at"), _at("paid_at")),
    (_("shipped at"), _at("shipped_at")),
    (_("received at"), _at("received_at")),
    (_("buyer"), lambda order, _line, _sight: order.member.nickname if order.member else ""),
    (_("receiver"), lambda order, _line, _sight: order.receiver_name),
    (_("receiver's phone"), _phone),
    (
        _("address"),
        lambda order, _line, _sight: " ".join([*order.region_names, order.address_detail]),
    ),
    (_("note"), lambda order, _line, _sight: order.note),
    (_("payable"), _amount("payable_fen")),
    (_("freight"), _amount("freight_fen")),
    (_("paid"), _amount("paid_fen")),
    (_("refunded"), _amount("refunded_fen")),
]
LINE: list[tuple[str | Promise, Cell]] = [
    (_("SKU"), lambda _order, line, _sight: line.sku_code),
    (pgettext_lazy("amount", "goods"), lambda _order, line, _sight: line.title_zh),
    (_("quantity"), lambda _order, line, _sight: line.quantity),
    (_("list price of the line"), _line_amount("list_fen")),
    (_("payable for the line"), _line_amount("payable_fen")),
    (_("came from"), lambda _order, line, _sight: line.source),
    (_("parts"), lambda _order, line, _sight: line.parts_text),
]
INVOICE: list[tuple[str | Promise, Cell]] = [
    (_("invoice asked for at"), _line_at("invoice_asked_at")),
    (_("invoice kind"), _billed("kind")),
    (_("invoice title"), _billed("title")),
    (_("tax number"), _billed("tax_no")),
    (_("invoice e-mail"), _billed("email")),
]
COST: list[tuple[str | Promise, Cell]] = [(_("cost of the line"), _cost)]
