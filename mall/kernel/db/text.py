"""Text that PostgreSQL and a reader can both take: no NUL, no lone surrogate, no bottomless JSON.

Source: reliability.md 0.4, ATK-43 and ATK-92: both used to end in a 500.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_JSON_DEPTH = 20


def unsafe_reason(text: str) -> str | None:
    """Why ``text`` cannot be stored: "nul", "surrogate", or None when it can."""
    if "\x00" in text:
        return "nul"
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return "surrogate"
    return None


def refuse_unsafe_text(value: object) -> None:
    """A validator for text fields. Raises: ValidationError."""
    if isinstance(value, str) and unsafe_reason(value):
        raise ValidationError(_("This text holds characters that cannot be stored."), code="unsafe")


def safe_json(value: object, depth: int = 0) -> None:
    """A validator for JSON fields: every string safe, at most 20 levels deep. Raises:
    ValidationError."""
    if depth > MAX_JSON_DEPTH:
        raise ValidationError(_("This is nested too deeply."), code="too_deep")
    if isinstance(value, str):
        refuse_unsafe_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unsafe_text(key)
            safe_json(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            safe_json(item, depth + 1)
