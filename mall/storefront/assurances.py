"""What takes doubts away before paying: freight, returns, arrival, safety. Source: O-54."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel.money import yuan

Row = dict[str, str]


def assurances(
    shape: Mapping[str, Any], *, return_days: int, arrival: Mapping[str, Any] | None
) -> list[Row]:
    """The rows for a Quote or an Order of api.md, for `components/_assurances.html`."""
    rows = [_freight(shape), _returns(return_days), _safety()]
    if arrival:
        rows.insert(1, {"icon": "truck", "title": arrival["title"], "line": arrival["text"]})
    return rows


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
