"""The times of the shop as parts of statements that run anyway: reading them costs none. Source:
O-22, O-24."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, Subquery, Value
from django.db.models.functions import Coalesce

from orders.models import FulfilmentPolicy


def figure(name: str) -> Coalesce:
    """A figure of the policy inside of another statement; the usual one where nobody set it."""
    row = FulfilmentPolicy.objects.filter(pk=1).values(name)
    return Coalesce(Subquery(row), Value(usual_figure(name)))


def usual_figure(name: str) -> int:
    """What holds until somebody saves the policy."""
    field: Any = FulfilmentPolicy._meta.get_field(name)
    usual: int = field.default
    return usual


def days_after(at: datetime, name: str) -> ExpressionWrapper:
    """The instant so many days of the policy after ``at``, inside of another statement."""
    return ExpressionWrapper(_instant(at) + _days(name), DateTimeField())


def days_before(at: datetime, name: str) -> ExpressionWrapper:
    """The instant so many days of the policy before ``at``, inside of another statement."""
    return ExpressionWrapper(_instant(at) - _days(name), DateTimeField())


def _days(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(figure(name) * Value(timedelta(days=1)), DurationField())


def _instant(at: datetime) -> Value:
    return Value(at, output_field=DateTimeField())
