"""How much to order. Pure: no Django."""

from inventory.forecast.reorder import COVER, MINIMUM_ORDER, suggested_order

__all__ = ["COVER", "MINIMUM_ORDER", "suggested_order"]
