"""One finished pricing with its working kept: what quotes, explanations and coupon advice read."""

from __future__ import annotations

from dataclasses import dataclass

from promotions.engine.basket import Basket, Occasion
from promotions.engine.book import LiveRules, Rules
from promotions.engine.quote import Quote
from promotions.engine.shipping import Parcel
from promotions.engine.worktop import Worktop


@dataclass(frozen=True, slots=True, eq=False)
class Settlement:
    """A quote and how it came about. ``packed`` is None while the region is not known."""

    basket: Basket
    rules: Rules
    occasion: Occasion
    live: LiveRules
    top: Worktop
    packed: tuple[Parcel, ...] | None
    quote: Quote
