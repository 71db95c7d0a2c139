"""How stored values are shown where they may only be looked at."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpRequest

from mall.kernel.admin.choosing import spoken_filter
from mall.kernel.db import FenField
from mall.kernel.money import yuan


class YuanShown:
    """Money is yuan in read-only fields too, as it is in forms, and rates are per cent; bare fen
    and basis points are never shown, and neither are stored codes that have words.

    ``spoken`` is field -> code -> what it is called, for columns without choices.
    """

    model: type[Model]
    spoken: Mapping[str, Mapping[str, Any]] = {}

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[str], str]]:
        """Unfold's own hook: what becomes of a read-only field's text."""
        money: dict[str, Callable[[str], str]] = dict.fromkeys(self.money_fields(), as_yuan)
        rates: dict[str, Callable[[str], str]] = dict.fromkeys(self.rate_fields(), as_percent)
        spoken = {name: partial(in_words, words) for name, words in self.spoken.items()}
        return money | rates | spoken

    def rate_fields(self) -> dict[str, Field]:
        """The columns of basis points by name."""
        return {f.name: f for f in self.model._meta.fields if f.name.endswith("_bp")}

    def money_fields(self) -> dict[str, Field]:
        """The fen columns by name."""
        return {f.name: f for f in self.model._meta.fields if isinstance(f, FenField)}


class YuanListed(YuanShown):
    """The same for the columns of a list, unless this operator edits them there."""

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)  # type: ignore[misc]
        edited = self.list_editable if self.has_change_permission(request) else ()  # type: ignore[attr-defined]
        money = {n: f for n, f in self.money_fields().items() if n not in edited}
        return [self._column(name, money) for name in shown]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """A filter of a column with words says them too."""
        return [
            (name, spoken_filter(self.spoken[name])) if name in self.spoken else name
            for name in super().get_list_filter(request)  # type: ignore[misc]
        ]

    def _column(self, name: Any, money: Mapping[str, Field]) -> Any:
        if name in money:
            return yuan_column(money[name])
        if name in self.rate_fields():
            return percent_column(self.rate_fields()[name])
        if name in self.spoken:
            columns = {field.name: field for field in self.model._meta.fields}
            return words_column(columns[name], self.spoken[name])
        return name


def words_column(field: Field, words: Mapping[str, Any]) -> Callable[[Model], str]:
    """A column of a list: the code in words, sorted by the code."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row: Model) -> str:
        return in_words(words, getattr(row, field.name))

    return column


def in_words(words: Mapping[str, Any], code: str) -> str:
    """What a code is called; one without words stays as it is."""
    return str(words.get(code, code))


def yuan_column(field: Field) -> Callable[[Model], str]:
    """A column of a list: the field in yuan, sorted by the field."""
    return _column(field, yuan)


def percent_column(field: Field) -> Callable[[Model], str]:
    """A column of a list: basis points in per cent, sorted by the field."""
    return _column(field, percent)


def _column(field: Field, said: Callable[[int], str]) -> Callable[[Model], str]:
    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row: Model) -> str:
        value = getattr(row, field.name)
        return "" if value is None else said(value)

    return column


def percent(rate_bp: int) -> str:
    """Basis points as people write them: 9500 -> 95%, 125 -> 1.25%."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"


def as_percent(rate_bp: str) -> str:
    """The text of a column of basis points in per cent; the sign for nothing stays."""
    digits = "".join(letter for letter in rate_bp if letter.isdigit())
    return percent(int(digits)) if digits else rate_bp


def as_yuan(fen: str) -> str:
    """The text of a fen column in yuan: "98,765" -> "987.65"; the sign for nothing stays."""
    digits = "".join(letter for letter in fen if letter.isdigit() or letter == "-")
    return yuan(int(digits)) if digits.strip("-") else fen
