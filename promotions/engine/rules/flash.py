"""秒杀: a low price for few pieces in a short session. Source: plan 000, 秒杀."""

from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.rules.activity import PricedActivity


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashPrice(PricedActivity):
    """The price of one piece in a flash sale; its quota is counted where orders are placed."""

    kind: ClassVar[str] = "flash"
