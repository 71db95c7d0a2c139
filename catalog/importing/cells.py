"""One cell at a time: text within bounds, yuan to exact fen, whole numbers. Nothing is guessed."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mall.kernel.cells import freed_cell
from mall.kernel.db import unsafe_reason

YUAN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
FLAGS = {
    "1": True,
    "true": True,
    "on_sale": True,
    "0": False,
    "false": False,
    "draft": False,
    "": False,
}


class Formula(str):
    """The text of a spreadsheet formula: shown in reports, never worked out."""

    __slots__ = ()


class BadCell(ValueError):
    """A value that is not taken; the message says why."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


def plain(value: Any) -> str:
    """A cell as text: numbers as they are written, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, Decimal):
        is_written_out = value.is_finite() and -20 < value.adjusted() < 20
        return f"{value:f}".removesuffix(".0") if is_written_out else str(value)
    return freed_cell(str(value).strip())


def text(field: str, value: Any, *, longest: int, required: bool = False) -> str:
    """A text of at most ``longest`` characters. Raises: BadCell."""
    if isinstance(value, Formula):
        raise BadCell(field, _("a formula; put its value here"))
    found = plain(value)
    if required and not found:
        raise BadCell(field, _("is missing"))
    if unsafe_reason(found):
        raise BadCell(field, _("holds characters that cannot be stored"))
    if len(found) > longest:
        raise BadCell(
            field,
            _("has %(count)s characters, at most %(longest)s are kept")
            % {"count": len(found), "longest": longest},
        )
    return found


def fen(field: str, value: Any, *, empty: int | None = None) -> int:
    """Yuan with at most two decimals as fen, exactly. Raises: BadCell."""
    found = text(field, value, longest=20, required=empty is None)
    if not found and empty is not None:
        return empty
    if not YUAN.fullmatch(found):
        raise BadCell(
            field, _("%(value)s is no amount in yuan with at most two decimals") % {"value": found}
        )
    return int(Decimal(found) * 100)


def whole(field: str, value: Any, *, empty: int | None = 0) -> int | None:
    """A whole number of at most nine digits. Raises: BadCell."""
    found = text(field, value, longest=20)
    if not found:
        return empty
    if not WHOLE.fullmatch(found):
        raise BadCell(field, _("%(value)s is no whole number") % {"value": found})
    return int(found)


def flag(field: str, value: Any) -> bool:
    """on_sale or draft, true or false, 1 or 0. Raises: BadCell."""
    found = text(field, value, longest=20).lower()
    if found not in FLAGS:
        raise BadCell(field, _("%(value)s is neither on_sale nor draft") % {"value": found})
    return FLAGS[found]
