"""Columns of money and rates. Fen are stored, yuan are shown in forms only."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db.text import safe_json


class YuanFormField(forms.DecimalField):
    """Takes yuan with at most two decimals, gives integer fen."""

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
        yuan = super().clean(value)
        if yuan is None:
            return None
        return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


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
    """A rate as integer basis points: 9500 is 95 %, 八五折 is 8500."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Basis points: 9500 means 95 %."))
        super().__init__(*args, **kwargs)


class SafeJSONField(models.JSONField):
    """JSON whose strings PostgreSQL can store and whose depth is bounded."""

    default_validators = [safe_json]
