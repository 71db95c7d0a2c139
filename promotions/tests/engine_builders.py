"""Builders for engine tests: lines in yuan-sized numbers, the plans' shoppers, one moment."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings

from promotions.engine import (
    NO_RULES,
    Basket,
    FreightRate,
    FreightTemplate,
    Line,
    Quote,
    Rule,
    Rules,
    Shopper,
    price,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ORDINARY = Shopper(member_id=1, tier_code="ordinary")
GOLD = Shopper(member_id=3, tier_code="gold", tier_rate_bp=9500, points=100_000)

ROOT, PHONES, TEA = 1, 11, 12
FIVE_PLUS_ONE = FreightRate(1000, 500, 1000, 100)
FAR_AWAY = FreightRate(1000, 2000, 1000, 800)
PARCEL = FreightTemplate(1, FIVE_PLUS_ONE, regions={"65": FAR_AWAY, "54": None, "6501": None})


def line(key: str = "a", fen: int = 10_000, quantity: int = 1, **facts: Any) -> Line:
    """A line of one SKU at ``fen`` a piece; the SKU's id follows from the key unless given."""
    sku_id = facts.pop("sku_id", ord(key[0]))
    defaults: dict[str, Any] = {
        "product_id": sku_id,
        "category_path": (ROOT, PHONES),
        "brand_id": 1,
        "list_fen": fen,
        "price_fen": fen,
        "weight_grams": 1000,
    }
    return Line(key=key, sku_id=sku_id, quantity=quantity, **(defaults | facts))


def quote(
    *lines: Line,
    shopper: Shopper = ORDINARY,
    promotions: tuple[Rule, ...] = (),
    rules: Rules = NO_RULES,
    at: datetime = NOON,
    **basket: Any,
) -> Quote:
    """Price the lines by ``promotions`` (or whole ``rules``)."""
    book = Rules(promotions=promotions) if promotions else rules
    return price(Basket(tuple(lines), **basket), shopper, book, at)


def taken(priced: Quote, key: str) -> list[tuple[str, int]]:
    """(kind, fen) of each step on one line, in order."""
    (found,) = [line for line in priced.lines if line.key == key]
    return [(step.kind, step.amount_fen) for step in found.steps]


def law(*strategies: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`given` without a clock: busy neighbours on the same cores break no law."""
    unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    return lambda test: unhurried(given(*strategies)(test))
