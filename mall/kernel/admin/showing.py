"""How stored values are shown where they may only be looked at."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpRequest

from mall.kernel.db import FenField
from mall.kernel.money import yuan


class YuanShown:
    """Money is yuan in read-only fields too, as it is in forms; bare fen are never shown."""

    model: type[Model]

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[str], str]]:
        """Unfold's own hook: what becomes of a read-only field's text."""
        return dict.fromkeys(self.money_fields(), as_yuan)

    def money_fields(self) -> dict[str, Field]:
        """The fen columns by name."""
        return {f.name: f for f in self.model._meta.fields if isinstance(f, FenField)}


class YuanListed(YuanShown):
    """The same for the columns of a list, unless this operator edits them there."""

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)  # type: ignore[misc]
        edited = self.list_editable if self.has_change_permission(request) else ()  # type: ignore[attr-defined]
        money = {n: f for n, f in self.money_fields().items() if n not in edited}
        return [yuan_column(money[name]) if name in money else name for name in shown]


def yuan_column(field: Field) -> Callable[[Model], str]:
    """A column of a list: the field in yuan, sorted by the field."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row: Model) -> str:
        fen = getattr(row, field.name)
        return "" if fen is None else yuan(fen)

    return column


def as_yuan(fen: str) -> str:
    """The text of a fen column in yuan: "98,765" -> "987.65"; the sign for nothing stays."""
    digits = "".join(letter for letter in fen if letter.isdigit() or letter == "-")
    return yuan(int(digits)) if digits.strip("-") else fen
