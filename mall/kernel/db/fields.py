"""Columns of money and rates: fen and basis points are stored, forms show and take yuan and per
cent."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models

from mall.kernel.db.text import safe_json


class HundredthsFormField(forms.DecimalField):
    """Takes a figure with at most two decimals, gives the integer number of its hundredths;
    ``min_value`` and ``max_value`` are hundredths too."""

    def __init__(self, **kwargs: Any) -> None:
        for name in ("max_value", "min_value"):
            kwargs[name] = Decimal(kwargs[name]) / 100 if kwargs.get(name) is not None else None
        super().__init__(**{"decimal_places": 2, "max_digits": 15, **kwargs})

    def to_python(self, value: Any) -> Any:
        """ASCII digits only: Python would read １ as 1, and a price is no place for guesses."""
        if isinstance(value, str) and not value.isascii():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def clean(self, value: Any) -> int | None:
        figure = super().clean(value)
        if figure is None:
            return None
        return int((figure * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class YuanFormField(HundredthsFormField):
    """Takes yuan, gives fen."""


class PercentFormField(HundredthsFormField):
    """Takes per cent (85 is 八五折), gives basis points."""


class FenField(models.BigIntegerField):
    """Money as integer fen. Forms show and take yuan; ``min_fen`` bounds both form and
    full_clean."""

    def __init__(self, *args: Any, min_fen: int | None = 0, **kwargs: Any) -> None:
        self.min_fen = min_fen
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.min_fen != 0:
            kwargs["min_fen"] = self.min_fen
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("choices_form_class", None)
        return super(models.IntegerField, self).formfield(
            **{"form_class": YuanFormField, "min_value": self.min_fen, **kwargs}
        )


class BpField(models.PositiveIntegerField):
    """A rate as integer basis points: 9500 is 95 %, 八五折 is 8500. Forms speak per cent."""

    def deconstruct(self) -> Any:
        """The words of its form are no part of the table."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Bounded as the column is, in per cent."""
        kwargs.pop("choices_form_class", None)
        limits = [v.limit_value for v in self.validators if isinstance(v, MaxValueValidator)]
        bounds = {"min_value": 0, "max_value": min(limits, default=None)}
        return super(models.IntegerField, self).formfield(
            **{"form_class": PercentFormField, **bounds, **kwargs}
        )


class SafeJSONField(models.JSONField):
    """JSON whose strings PostgreSQL can store and whose depth is bounded."""

    default_validators = [safe_json]
