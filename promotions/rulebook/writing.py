"""The way back: a rule of the engine as the JSON of its campaign, for the words of its badge."""

from collections.abc import Sequence
from typing import Any

from promotions import engine

PLAIN: dict[str, tuple[str, ...]] = {
    "second_half_price": ("second_rate_bp",),
    "bundle_price": ("price_fen", "most"),
    "gift": ("threshold_fen", "pieces", "quantity", "min_orders"),
    "every_off": ("every_fen", "off_fen", "cap_fen"),
    "member_day": ("rate_bp",),
    "loyal_rate": ("rate_bp", "threshold_fen", "min_orders"),
    "free_freight": ("threshold_fen",),
}
"""Figures that JSON and rule call by the same name, by kind."""
STEPPED: dict[str, tuple[str, str]] = {
    "threshold_off": ("threshold_fen", "off_fen"),
    "threshold_rate": ("threshold_fen", "rate_bp"),
    "pieces_rate": ("pieces", "rate_bp"),
}
"""What the two figures of a step are called, by kind."""


def numbers_of(rule: engine.Rule) -> dict[str, Any]:
    """The rule's numbers the way a campaign row holds them; empty where words need none."""
    if rule.kind in STEPPED:
        return {"steps": _rows(getattr(rule, "steps"), *STEPPED[rule.kind])}  # noqa: B009
    if isinstance(rule, engine.QuantityPrice):
        ladders = [step for steps in rule.ladders.values() for step in steps]
        return {
            "steps": _rows(rule.rates, "pieces", "rate_bp"),
            "ladders": _rows(ladders, "pieces", "price_fen"),
        }
    return {name: getattr(rule, name) for name in PLAIN.get(rule.kind, ())}


def _rows(steps: Sequence[tuple[int, int]], first: str, second: str) -> list[dict[str, int]]:
    return [{first: one, second: other} for one, other in steps]
