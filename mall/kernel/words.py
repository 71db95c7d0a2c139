"""Texts in two languages are two columns; which one a reader gets is decided here."""

from typing import Any

from django.utils.translation import get_language


def in_english() -> bool:
    """True when the active language is English."""
    return (get_language() or "").startswith("en")


def localized(row: Any, field: str) -> str:
    """``<field>_en`` for English readers when there is one, else ``<field>_zh``; rows or dicts."""
    names = (f"{field}_en", f"{field}_zh") if in_english() else (f"{field}_zh",)
    for name in names:
        value = row.get(name, "") if isinstance(row, dict) else getattr(row, name, "")
        if value:
            return str(value)
    return ""
