"""What takes doubts away before paying: freight, returns, arrival, warranty, safety.

Source: O-54, O-30.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mall.kernel import clock
from mall.kernel.money import yuan
from mall.kernel.words import gap
from orders.services import ways_to_pay

Row = dict[str, str]
INSTANT = timedelta(microseconds=1)
WALLET = "wallet"


def assurances(
    shape: Mapping[str, Any],
    *,
    return_days: int,
    arrival: Mapping[str, Any] | None,
    warranty: Mapping[str, Any] | None = None,
    ways: Iterable[str] | None = None,
) -> list[Row]:
    """The rows for a Quote or an Order of api.md, for `components/_assurances.html`.

    ``ways`` are the codes of the ways to pay that are offered here; without them, those of the
    shop.
    """
    codes = _of_the_shop() if ways is None else set(ways)
    rows = [_freight(shape), _returns(return_days), _safety(has_balance=WALLET in codes)]
    if arrival:
        rows.insert(1, {"icon": "truck", "title": arrival["text"], "line": ""})
    if warranty:
        rows.insert(-1, {"icon": "shield", **warranty_words(warranty)})
    return rows


def warranty_words(warranty: Mapping[str, Any]) -> Row:
    """What comes with an order of today (O-30)."""
    last = clock.day_of(warranty["ends_at"] - INSTANT)
    months = warranty["months"]
    title = ngettext(
        "%(months)s month of warranty on top", "%(months)s months of warranty on top", months
    )
    line = _("For orders until %(day)s") % {"day": date_format(last, "MONTH_DAY_FORMAT")}
    return {"title": title % {"months": months}, "line": line}


def _freight(shape: Mapping[str, Any]) -> Row:
    reason = str(shape["freight"]["reason"])
    if shape["freight_fen"]:
        title = _("Freight ¥%(amount)s") % {"amount": yuan(shape["freight_fen"])}
        return {"icon": "box", "title": title, "line": reason}
    return {"icon": "box", "title": _("Free freight"), "line": reason}


def _returns(days: int) -> Row:
    if not days:
        line = _("Some of these goods come back only when something is wrong with them.")
        return {"icon": "back7", "title": _("Returns for faults"), "line": line}
    title = _("%(days)s-day returns, no reason asked") % {"days": days}
    return {"icon": "back7", "title": title, "line": _("Counted from the day after it arrives")}


def _safety(*, has_balance: bool) -> Row:
    """Who is paid where, and who may ask for a code: our own page does when a payment looks
    unusual (docs/risk.md)."""
    where = _("You pay in the provider's own app or on its page; no payment password reaches us.")
    if has_balance:
        where = _(
            "A payment from your balance is made here at once, any other one in the provider's own "
            "app or on its page; no payment password reaches us."
        )
    asked = _(
        "When a payment looks unusual, a page of this shop asks for a code; we never ask for one "
        "by phone or in a message."
    )
    return {"icon": "lock", "title": _("Safe payment"), "line": f"{where}{gap()}{asked}"}


def _of_the_shop() -> set[str]:
    """The ways that this shop offers to whom can pay them. Queries: 0."""
    return {code for code, _scene in ways_to_pay(balance_fen=1, due_fen=1)}
