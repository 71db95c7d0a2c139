"""What an order says of its invoice, checked before it is kept; said with the order or later, and
corrected by an operator. Source: O-12.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.db import atomic_retry
from mall.kernel.errors import InvalidInput, NotFound
from members.models import Account
from orders.errors import IllegalMove, InvoiceAsked
from orders.models import Order
from orders.services.moving import note_history
from orders.states import INVOICE_ASKED, INVOICE_CHANGED
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


@atomic_retry()
def ask_invoice(
    *,
    number: str,
    member_id: int,
    invoice: Mapping[str, Any],
    at: datetime,
    actor: Account | None = None,
) -> None:
    """Ask for the invoice of an order that was placed without; one that is asked for is the desk's
    to change. A closed order has none, nor one that was paid back whole.

    Locks: order. Raises: NotFound, InvalidInput, IllegalMove, InvoiceAsked.
    """
    kept = _needed(invoice)
    mine = Order.objects.of_member(member_id).filter(number=number)
    order: Order | None = mine.locked().first()
    if order is None:
        raise NotFound
    if order.invoice == kept:
        return
    if order.invoice is not None:
        raise InvoiceAsked
    if not order.is_billable:
        raise IllegalMove(status=order.status)
    _keep(order, kept)
    note_history(order, INVOICE_ASKED, at=at, actor=actor)


@atomic_retry()
def change_invoice(
    *,
    order_number: str,
    invoice: Mapping[str, Any],
    reason: str,
    actor: Account,
    at: datetime,
) -> Order:
    """Correct the invoice that was asked for; the same one again changes nothing.

    Locks: order. Raises: NotFound, InvalidInput, IllegalMove where none was asked for or nothing is
    left to bill.
    """
    kept = _needed(invoice)
    order: Order | None = Order.objects.filter(number=order_number).locked().first()
    if order is None:
        raise NotFound
    before = order.invoice
    if before is None or not order.is_billable:
        raise IllegalMove(status=order.status)
    if before == kept:
        return order
    _keep(order, kept)
    note_history(order, INVOICE_CHANGED, at=at, actor=actor, note=reason)
    audit.record(
        actor=actor,
        verb="orders.change_invoice",
        target=order,
        at=at,
        before=_for_trail(before),
        after=_for_trail(kept),
        reason=reason,
    )
    return order


def _needed(invoice: Mapping[str, Any]) -> dict[str, str]:
    """Raises: InvalidInput."""
    kept = checked_invoice(invoice)
    if kept is None:
        raise InvalidInput(field="invoice.kind", allowed=f"{PERSONAL}, {COMPANY}")
    return kept


def _keep(order: Order, invoice: dict[str, str]) -> None:
    order.invoice = invoice
    order.save(update_fields=["invoice"])


def _for_trail(invoice: Mapping[str, str]) -> dict[str, str]:
    """What the trail keeps, in one line: whose it is and where it goes, the address masked."""
    said = [invoice["title"], invoice.get("tax_no", "")]
    if invoice.get("email"):
        name, _at, domain = invoice["email"].partition("@")
        said.append(f"{name[:1]}***@{domain}")
    return {"invoice": " · ".join(filter(None, said))}


def _checked_tax_no(text: str) -> str:
    if not is_tax_no(text):
        raise InvalidInput(field="invoice.tax_no", allowed=_("a company's tax number, 18 letters"))
    return normal_tax_no(text)
