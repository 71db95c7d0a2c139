"""How much sells, how much to keep and to order, how goods age. Pure: no Django."""

from inventory.forecast.ageing import (
    AGES,
    loss_rate_bp,
    pieces_by_age,
    turn_days,
    turns_hundredths,
)
from inventory.forecast.balancing import Level, Move, balance
from inventory.forecast.demand import (
    Demand,
    days_of_supply,
    demand_of,
    is_overstock,
    is_rising,
    reorder_point,
    safety_stock,
)
from inventory.forecast.reorder import (
    COVER,
    MINIMUM_ORDER,
    Plan,
    Terms,
    pieces_needed,
    plan_order,
    suggested_order,
)

__all__ = [
    "AGES",
    "COVER",
    "MINIMUM_ORDER",
    "Demand",
    "Level",
    "Move",
    "Plan",
    "Terms",
    "balance",
    "days_of_supply",
    "demand_of",
    "is_overstock",
    "is_rising",
    "loss_rate_bp",
    "pieces_by_age",
    "pieces_needed",
    "plan_order",
    "reorder_point",
    "safety_stock",
    "suggested_order",
    "turn_days",
    "turns_hundredths",
]
