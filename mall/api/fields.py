"""Serializer fields that take exactly what api.md says: no "3.0", no １２, no true for a number."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mall.kernel.db import unsafe_reason

MAX_ID = 2**63 - 1


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer and nothing else; bounds are obligatory."""

    default_error_messages = {"invalid": _("A whole number is needed.")}

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(data)


class IdField(StrictIntegerField):
    """A positive id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


class QuantityField(StrictIntegerField):
    """1 to 999 pieces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=999, **kwargs)


class StrictBooleanField(serializers.BooleanField):
    """A JSON true or false and nothing else."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return bool(data)


class TextField(serializers.CharField):
    """A JSON string that can be stored, within bounds."""

    default_error_messages = {"unsafe": _("This text holds characters that cannot be stored.")}

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            self.fail("invalid")
        if unsafe_reason(data):
            self.fail("unsafe")
        return str(super().to_internal_value(data))


class ChoiceField(serializers.ChoiceField):
    """One of the listed words; the refusal does not repeat what was sent."""

    default_error_messages = {"invalid_choice": _("This is not one of the allowed values.")}

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not str or unsafe_reason(data):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class DegreesField(serializers.DecimalField):
    """Degrees of latitude or longitude with up to six decimals, as a JSON string or number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=9, decimal_places=6, min_value=-180, max_value=180, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if type(data) not in (str, int, float) or (type(data) is str and not data.isascii()):
            self.fail("invalid")
        return super().to_internal_value(data)


class InstantField(serializers.DateTimeField):
    """An instant in answers: 2026-11-22T04:00:00Z."""

    def __init__(self, **kwargs: Any) -> None:
        import datetime

        super().__init__(default_timezone=datetime.UTC, **kwargs)
