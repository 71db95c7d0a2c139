"""What an order says of its invoice, checked before it is kept; said with the order or later.
Source: O-12.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel.errors import InvalidInput, NotFound
from orders.errors import IllegalMove, InvoiceAsked
from orders.models import Order
from orders.tax_numbers import is_tax_no, normal_tax_no

PERSONAL, COMPANY = "personal", "company"


def checked_invoice(asked: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The invoice as it is kept with the order: kind, title, and what else was said.

    A company's has a tax number that checks; a person's has none. Raises: InvalidInput.
    """
    if not asked:
        return None
    kind, title = str(asked.get("kind", "")), str(asked.get("title", "")).strip()
    if kind not in (PERSONAL, COMPANY):
        raise InvalidInput(field="invoice.kind", allowed=f"{PERSONAL}, {COMPANY}")
    if not title:
        raise InvalidInput(field="invoice.title", allowed=_("a name"))
    kept = {"kind": kind, "title": title}
    if kind == COMPANY:
        kept["tax_no"] = _checked_tax_no(str(asked.get("tax_no", "")))
    if asked.get("email"):
        kept["email"] = str(asked["email"])
    return kept


def ask_invoice(*, number: str, member_id: int, invoice: Mapping[str, Any]) -> None:
    """Ask for the invoice of an order that was placed without; one that is asked for is the desk's
    to change, and a closed order has none. Queries: 1, 2 to refuse.

    Raises: NotFound, InvalidInput, IllegalMove, InvoiceAsked.
    """
    kept = checked_invoice(invoice)
    if kept is None:
        raise InvalidInput(field="invoice.kind", allowed=f"{PERSONAL}, {COMPANY}")
    mine = Order.objects.of_member(member_id).filter(number=number)
    open_orders = mine.filter(invoice__isnull=True).exclude(status=Order.Status.CLOSED)
    if open_orders.update(invoice=kept):
        return
    order = mine.first()
    if order is None:
        raise NotFound
    if order.invoice is None:
        raise IllegalMove(status=order.status)
    if order.invoice != kept:
        raise InvoiceAsked


def _checked_tax_no(text: str) -> str:
    if not is_tax_no(text):
        raise InvalidInput(field="invoice.tax_no", allowed=_("a company's tax number, 18 letters"))
    return normal_tax_no(text)
