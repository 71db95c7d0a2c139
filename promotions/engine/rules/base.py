"""What every rule has in common: identity, scope, validity, audience, and how rules compete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from promotions.engine.basket import Occasion
from promotions.engine.items import Claim, Item
from promotions.engine.lanes import Lane
from promotions.engine.quote import LabelParams, PriceStep
from promotions.engine.scope import WHOLE_SHOP, Scope

NO_FACTS: Mapping[str, int] = {}


class Reason(StrEnum):
    """Why a rule or coupon did not apply. Frozen: clients switch on these."""

    NOT_STARTED = "not_started"
    ENDED = "ended"
    TIER_NOT_MET = "tier_not_met"
    REGION_NOT_SERVED = "region_not_served"
    NOT_TODAY = "not_today"
    SPENT_TOO_LITTLE = "spent_too_little"
    NO_EARLIER_ORDER = "no_earlier_order"
    NOT_FIRST_ORDER = "not_first_order"
    OUT_OF_SCOPE = "out_of_scope"
    STACKING_EXCLUDED = "stacking_excluded"
    THRESHOLD_NOT_REACHED = "threshold_not_reached"
    QUANTITY_NOT_REACHED = "quantity_not_reached"
    NOTHING_TO_REDUCE = "nothing_to_reduce"
    BETTER_RULE_CHOSEN = "better_rule_chosen"
    EXCLUSIVE_GROUP = "exclusive_group"
    GIFT_SOLD_OUT = "gift_sold_out"


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a rule has nothing to give, and the facts (``missing_fen``, ``missing_pieces``)."""

    reason: Reason
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The nearest step not yet reached: what is missing, and what reaching it takes off.

    Where pieces count, ``missing_fen`` is what the ``missing_pieces`` cost at their cheapest.
    ``facts`` are further figures for the words of the step.
    """

    threshold_fen: int
    missing_fen: int
    off_fen: int
    missing_pieces: int = 0
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a rule takes off a group of items, split over ``weights`` (None: what is left of each).

    ``off_fen`` is never above the weights' sum and no weight above its item's rest, so that no
    share can turn a line negative. An item of weight 0 takes no part in the rule.
    """

    off_fen: int
    weights: tuple[int, ...] | None = None
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One price rule, ready to be tried. A subclass is one kind: one file, one registry entry.

    Rules of a lane are tried by (``priority``, larger saving, ``rule_id``). ``excludes`` are the
    later lanes shut for a line once this rule has it, ``exclusive_group`` shuts later rules of the
    same group for it in whatever lane: the stacking matrix, as data (see `stacking`).
    ``region_prefixes`` are the region codes served; while no address is known all are. A basket
    on which the rule would cost more than ``budget_left_fen`` (None: no budget) goes without it.
    """

    kind: ClassVar[str]
    lane: ClassVar[Lane]
    origin: ClassVar[str] = "campaign"

    rule_id: int
    version: int = 1
    scope: Scope = WHOLE_SHOP
    priority: int = 100
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    tier_codes: frozenset[str] = frozenset()
    excludes: frozenset[Lane] = frozenset()
    exclusive_group: str = ""
    region_prefixes: frozenset[str] = frozenset()
    budget_left_fen: int | None = None
    title_zh: str = ""
    title_en: str = ""

    def refusal(self, occasion: Occasion) -> Reason | None:
        """Why the rule is not tried at all on this occasion, or None. No look at the goods."""
        if self.starts_at is not None and occasion.at < self.starts_at:
            return Reason.NOT_STARTED
        if self.ends_at is not None and occasion.at >= self.ends_at:
            return Reason.ENDED
        if self.tier_codes and occasion.shopper.tier_code not in self.tier_codes:
            return Reason.TIER_NOT_MET
        if self.region_prefixes and not self._serves(occasion.region_code):
            return Reason.REGION_NOT_SERVED
        return None

    def refusal_facts(self, occasion: Occasion) -> Mapping[str, int]:
        """Figures that the words of `refusal` may name: how much is missing, say."""
        return NO_FACTS

    def _serves(self, region_code: str | None) -> bool:
        return region_code is None or region_code.startswith(tuple(self.region_prefixes))

    @property
    def claim(self) -> Claim:
        """The exclusive group, and who is in it: rules of one campaign never shut each other."""
        return self.exclusive_group, self.origin, self.rule_id

    def next_change(self, at: datetime) -> datetime | None:
        """The next instant after ``at`` at which the rule starts or ends, if any."""
        for edge in (self.starts_at, self.ends_at):
            if edge is not None and edge > at:
                return edge
        return None

    def face(self) -> Mapping[str, int]:
        """What the rule promises before any basket is seen: of several steps the first."""
        return NO_FACTS

    def label_params(self, facts: Mapping[str, int] = NO_FACTS) -> LabelParams:
        """What the words of a step need: the rule's titles and the facts of its use."""
        return {"title_zh": self.title_zh, "title_en": self.title_en, **facts}

    def step(self, amount_fen: int, params: LabelParams) -> PriceStep:
        """A step of this rule; its label code is the rule's kind."""
        return PriceStep(
            self.lane, self.kind, self.rule_id, self.version, self.kind, params, amount_fen
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule(Rule, ABC):
    """A rule of lane 1: it names the price of one piece, and competes line by line.

    Ordinary rules leave lines with an `Offer` alone; a kind with ``takes_offers`` prices only the
    lines that were put in for it (offer kind and id equal to the rule's).
    """

    lane: ClassVar[Lane] = Lane.UNIT_PRICE
    takes_offers: ClassVar[bool] = False

    @abstractmethod
    def unit_price(self, item: Item) -> int | None:
        """The price of one piece in fen, or None when the rule has no word on this item."""

    def unit_facts(self, item: Item) -> Mapping[str, int]:
        """Further figures for the words of the step on this item."""
        return NO_FACTS

    def next_step(self, item: Item) -> NextStep | None:
        """The next step in reach by more pieces of this item, for rules that have steps."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule(Rule, ABC):
    """A rule of lanes 2 to 5: it looks at all its items together and takes them as a group."""

    @abstractmethod
    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """What the rule takes off these items as they stand, or None when it does not apply."""

    def rank(self, cut: Cut) -> int:
        """What decides within a priority, smallest first: the larger saving."""
        return -cut.off_fen

    @abstractmethod
    def lack(self, items: tuple[Item, ...]) -> Lack:
        """Why `cut` gives None on these items."""

    def next_step(self, items: tuple[Item, ...]) -> NextStep | None:
        """The next step in reach by buying more, for rules that have steps."""
        return None
