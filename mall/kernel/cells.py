"""Cells of files for spreadsheets: text stays text, whatever it begins with (ATK-49)."""

from typing import Any

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """``value`` as a cell: text that a spreadsheet would run gets an apostrophe before it.

    Numbers stay numbers. Leading blanks do not hide a formula.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value.lstrip(" \u3000").startswith(TRIGGERS) else value


def freed_cell(text: str) -> str:
    """What `safe_cell` made of a text, as it was: for files that come in again."""
    is_guarded = text[:1] == "'" and text[1:].lstrip(" \u3000").startswith(TRIGGERS)
    return text[1:] if is_guarded else text
