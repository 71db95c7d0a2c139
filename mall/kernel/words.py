"""Texts in two languages are two columns; which one a reader gets is decided here."""

import re
from typing import Any

from django.db.models import Field, Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mall.kernel.money import FULL_RATE_BP

WIDE_BREAK = re.compile(r"(?<=[\u2e80-\uffef])\s*\n\s*")
"""Between two paragraphs of Chinese: their full stop is as wide as the space it needs."""


def in_english() -> bool:
    """True when the active language is English."""
    return (get_language() or "").startswith("en")


def gap() -> str:
    """What stands between two sentences: nothing in Chinese."""
    return " " if in_english() else ""


def in_one_line(text: str) -> str:
    """Paragraphs one after the other, with a space only where the language has spaces."""
    return " ".join(WIDE_BREAK.sub("", text.strip()).split())


def localized(row: Any, field: str) -> str:
    """``<field>_en`` for English readers when there is one, else ``<field>_zh``; rows or dicts."""
    names = (f"{field}_en", f"{field}_zh") if in_english() else (f"{field}_zh",)
    for name in names:
        value = row.get(name, "") if isinstance(row, dict) else getattr(row, name, "")
        if value:
            return str(value)
    return ""


def label_of(row: Model, name: str) -> str:
    """What people call a column of this row."""
    column = row._meta.get_field(name)
    assert isinstance(column, Field), f"{name} is no column"
    return str(column.verbose_name)


def short_yuan(amount_fen: int) -> str:
    """Yuan without needless zeros: 300, 12.50."""
    whole, cents = divmod(amount_fen, 100)
    return f"{whole}.{cents:02d}" if cents else str(whole)


def rate_text(rate_bp: int) -> str:
    """A price rate as people say it: 95 折, 8.55 折, 0.5 折; 5% off. Units: bp."""
    if not in_english():
        digits = f"{rate_bp:04d}".rstrip("0")
        is_short = len(digits) <= 2 and not digits.startswith("0")
        return f"{digits} 折" if is_short else f"{digits[0]}.{digits[1:]} 折"
    whole, rest = divmod(FULL_RATE_BP - rate_bp, 100)
    percent = f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
    return _("%(percent)s%% off") % {"percent": percent}
