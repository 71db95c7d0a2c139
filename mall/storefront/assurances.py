"""What takes doubts away before paying: freight, returns, arrival, warranty, safety.

Source: O-54, O-30.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mall.kernel import clock
from mall.kernel.money import yuan

Row = dict[str, str]
INSTANT = timedelta(microseconds=1)


def assurances(
    shape: Mapping[str, Any],
    *,
    return_days: int,
    arrival: Mapping[str, Any] | None,
    warranty: Mapping[str, Any] | None = None,
) -> list[Row]:
    """The rows for a Quote or an Order of api.md, for `components/_assurances.html`."""
    rows = [_freight(shape), _returns(return_days), _safety()]
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


def _safety() -> Row:
    line = _("You pay on the provider's own page; we never ask for a password or a code.")
    return {"icon": "lock", "title": _("Safe payment"), "line": line}
