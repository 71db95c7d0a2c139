"""What is to be priced, for whom and when: plain facts that loaders fill and the engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from mall.kernel.money import FULL_RATE_BP

if TYPE_CHECKING:
    from promotions.engine.rules.coupon import CouponRule


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """The activity a line was put in for: ``kind`` and the id of the activity's rule.

    ``reference`` tells two lines of one activity apart (a team, a bargain start).
    """

    kind: str
    rule_id: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a basket. Fen, grams and cubic centimetres are for one piece.

    ``list_fen`` is the struck price, ``price_fen`` the shop's ordinary price (never above it),
    ``category_path`` runs from the root to the leaf, ``template_id`` is None when nothing is sent.
    ``shop_id`` is whose counter it is from: each shop sends its own parcels (X-57).
    """

    key: str
    sku_id: int
    product_id: int
    category_path: tuple[int, ...]
    brand_id: int | None
    quantity: int
    list_fen: int
    price_fen: int
    weight_grams: int = 0
    template_id: int | None = None
    offer: Offer | None = None
    volume_cm3: int = 0
    shop_id: int = 0

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"line {self.key}: quantity {self.quantity} is not positive")
        if not 0 <= self.price_fen <= self.list_fen:
            raise ValueError(f"line {self.key}: price must be between 0 and the list price")
        if self.weight_grams < 0 or self.volume_cm3 < 0:
            raise ValueError(f"line {self.key}: weight or volume is negative")


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines, where they go, and what the shopper wants to spend on them.

    ``region_code`` is None while no address is chosen: freight is then left open.
    ``gift_choices`` is the SKU chosen of a gift rule's options, by rule id.
    """

    lines: tuple[Line, ...]
    region_code: str | None = None
    points: int = 0
    coupons: tuple[CouponRule, ...] = ()
    gift_choices: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.points < 0:
            raise ValueError("points are never negative")
        if len({line.key for line in self.lines}) != len(self.lines):
            raise ValueError("line keys must differ")


@dataclass(frozen=True, slots=True)
class Shopper:
    """Whom the price is for. A guest has no ``member_id``, no tier and no points.

    ``tier_rate_bp`` is the rate the tier's goods cost (95折 = 9500); ``tier_free_freight_fen`` is
    the amount of goods from which the tier pays no freight (0 = always, None = never).
    ``spent_fen`` and ``completed_orders`` are about orders finished before, ``paid_orders`` about
    all that were ever paid.
    """

    member_id: int | None = None
    tier_code: str | None = None
    tier_rate_bp: int = FULL_RATE_BP
    tier_free_freight_fen: int | None = None
    points: int = 0
    tier_id: int | None = None
    tier_title_zh: str = ""
    tier_title_en: str = ""
    spent_fen: int = 0
    completed_orders: int = 0
    paid_orders: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.tier_rate_bp <= FULL_RATE_BP:
            raise ValueError("a tier rate lies between 0 and 10000 basis points")


GUEST = Shopper()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Everything beside the goods that a rule may ask about before it is tried."""

    shopper: Shopper
    region_code: str | None
    at: datetime
