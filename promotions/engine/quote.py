"""The priced basket and its always-true laws. Facts are codes; words are rendered when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from promotions.engine.basket import Offer
from promotions.engine.gift import NO_GIFTS, GiftLine, GiftNotice, Gifts
from promotions.engine.lanes import Lane

LabelParams = Mapping[str, int | str]


class PriceStep(NamedTuple):
    """One named change of a price: which rule took how many fen in which lane.

    A tuple: a large basket has hundreds of them, and a frozen dataclass takes thrice as long.
    """

    lane: Lane
    kind: str
    source_id: int | None
    version: int
    label_code: str
    label_params: LabelParams
    amount_fen: int

    def resized(self, amount_fen: int) -> PriceStep:
        """The same step about another amount: a share of it, or a sum."""
        return PriceStep(*self[:-1], amount_fen)

    def as_json(self) -> dict[str, Any]:
        """The step as plain JSON, the way placed orders freeze it."""
        return {
            "lane": self.lane.value,
            "kind": self.kind,
            "source_id": self.source_id,
            "version": self.version,
            "label_code": self.label_code,
            "label_params": dict(self.label_params),
            "amount_fen": self.amount_fen,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The step that `as_json` wrote."""
        return cls(**{**data, "lane": Lane(data["lane"])})


def total_of(steps: tuple[PriceStep, ...]) -> int:
    """What the steps take off together, in fen."""
    return sum([step.amount_fen for step in steps])


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of the caller's basket, priced. ``points`` is its share of the points spent."""

    key: str
    sku_id: int
    offer: Offer | None
    quantity: int
    list_fen: int
    payable_fen: int
    steps: tuple[PriceStep, ...]
    points: int = 0

    def __post_init__(self) -> None:
        assert self.list_fen - total_of(self.steps) == self.payable_fen, "steps explain the line"
        assert 0 <= self.payable_fen <= self.list_fen, "a line costs between nothing and its list"


class FreightReason(StrEnum):
    """Why the freight is what it is."""

    REGION_NEEDED = "region_needed"
    NOTHING_TO_SHIP = "nothing_to_ship"
    CHARGED = "charged"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class TemplateFee:
    """What one freight template charges for a shop's lines: grams (or pieces) and fen."""

    template_id: int
    version: int
    title_zh: str
    title_en: str
    units: int
    fee_fen: int
    shop_id: int = 0


@dataclass(frozen=True, slots=True)
class FreightQuote:
    """Freight of the whole basket: the templates' fees less the steps of lane freight."""

    base_fen: int
    reason: FreightReason
    fees: tuple[TemplateFee, ...] = ()
    steps: tuple[PriceStep, ...] = ()

    def __post_init__(self) -> None:
        assert sum(fee.fee_fen for fee in self.fees) == self.base_fen, "fees explain the base"
        assert self.freight_fen >= 0, "freight is never negative"

    @property
    def freight_fen(self) -> int:
        """What the shopper pays for freight."""
        return self.base_fen - total_of(self.steps)

    @property
    def template_ids(self) -> tuple[int, ...]:
        """The templates that charged, by id."""
        return tuple(sorted({fee.template_id for fee in self.fees}))


@dataclass(frozen=True, slots=True)
class PointsQuote:
    """Points: the most that may be spent here, what is spent, its worth, and what is earned."""

    max: int
    used: int
    amount_fen: int
    earned: int

    def __post_init__(self) -> None:
        assert 0 <= self.used <= self.max, "points used lie within the cap"


@dataclass(frozen=True, slots=True)
class Quote:
    """A basket with its price, fen by fen. All amounts in fen; ``valid_until`` is UTC."""

    lines: tuple[QuoteLine, ...]
    goods_fen: int
    discount_fen: int
    freight: FreightQuote
    points: PointsQuote
    payable_fen: int
    pay_now_fen: int
    valid_until: datetime
    region_code: str | None
    coupon_grant_ids: tuple[int, ...]
    given: Gifts = NO_GIFTS

    def __post_init__(self) -> None:
        freight_fen = self.freight.freight_fen
        paid = sum([line.payable_fen for line in self.lines])
        assert self.goods_fen == sum([line.list_fen for line in self.lines]), "goods are the lists"
        assert self.goods_fen - self.discount_fen == paid, "discounts are the lines' steps"
        assert paid + freight_fen == self.payable_fen, "lines and freight make the total"
        assert self.points.amount_fen == self.taken_in(Lane.POINTS), "points pay by line steps"
        assert 0 <= self.pay_now_fen <= self.payable_fen, "now is a part of the whole"

    @property
    def freight_fen(self) -> int:
        """What the shopper pays for freight."""
        return self.freight.freight_fen

    @property
    def gifts(self) -> tuple[GiftLine, ...]:
        """The gifts that come with the goods; no part of any amount."""
        return self.given.lines

    @property
    def gift_notices(self) -> tuple[GiftNotice, ...]:
        """Gifts that are sold out, replaced or fewer: to be shown as warnings."""
        return self.given.notices

    @property
    def balance_fen(self) -> int:
        """What a presale leaves to pay later; 0 where all is paid at once."""
        return self.payable_fen - self.pay_now_fen

    def taken_in(self, lane: Lane) -> int:
        """What the steps of one lane take off all lines together, in fen."""
        return sum(
            [step.amount_fen for line in self.lines for step in line.steps if step.lane is lane]
        )
