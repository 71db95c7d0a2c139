"""Activities: what each kind does at the moments of an order. `registry.KINDS` knows them all."""

from promotions.services.activities.base import Activity
from promotions.services.activities.registry import KINDS

__all__ = ["KINDS", "Activity"]
