"""One form a kind of campaign."""

from promotions.admin.kinds.registry import FORMS

__all__ = ["FORMS"]
