"""The rule book of one pricing: every rule a loader found, sorted for the lanes by what is live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from mall.kernel.money import FULL_RATE_BP
from promotions.engine.basket import Occasion, Shopper
from promotions.engine.freight import FreightTemplate
from promotions.engine.lanes import ACROSS_LINES, Lane
from promotions.engine.rules.base import GroupRule, Rule, UnitRule
from promotions.engine.rules.free_freight import FreeFreight, TierFreeFreight
from promotions.engine.rules.gift import GiftWithPurchase
from promotions.engine.rules.points import PointsRule
from promotions.engine.rules.tier_rate import TierRate

QUOTE_LIFE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Rules:
    """All that may change a price beside the basket: promotions (any order, lanes 1 to 4 and
    freight), the points rule, and the freight templates of the basket's lines by id.

    Coupons come with the basket. ``quote_life_seconds`` bounds a quote's ``valid_until``.
    ``gift_stock`` is what may be given away of each gift's SKU (None: not known, all there).
    """

    promotions: tuple[Rule, ...] = ()
    points: PointsRule = field(default_factory=PointsRule)
    templates: Mapping[int, FreightTemplate] = field(default_factory=dict)
    quote_life_seconds: int = QUOTE_LIFE_SECONDS
    gift_stock: Mapping[int, int] | None = None


NO_RULES = Rules()


@dataclass(slots=True)
class LiveRules:
    """The rules that the occasion lets be tried, by the way their lane works; and all there are."""

    units: list[UnitRule] = field(default_factory=list)
    groups: defaultdict[Lane, list[GroupRule]] = field(default_factory=lambda: defaultdict(list))
    gifts: list[GiftWithPurchase] = field(default_factory=list)
    freight: list[FreeFreight] = field(default_factory=list)
    known: tuple[Rule, ...] = ()

    def add(self, rule: Rule) -> None:
        """Put a rule where its lane looks for it."""
        if isinstance(rule, UnitRule):
            self.units.append(rule)
        elif isinstance(rule, GiftWithPurchase):
            self.gifts.append(rule)
        elif isinstance(rule, GroupRule) and rule.lane in ACROSS_LINES:
            self.groups[rule.lane].append(rule)
        elif isinstance(rule, FreeFreight):
            self.freight.append(rule)
        else:
            raise ValueError(f"a rule of kind {rule.kind} is no promotion")


def live_rules(rules: Rules, occasion: Occasion) -> LiveRules:
    """The rules to try now: started, not ended, meant for the shopper; with the tier's rights."""
    live = LiveRules(known=(*rules.promotions, *tier_rights(occasion.shopper)))
    for rule in live.known:
        if rule.refusal(occasion) is None:
            live.add(rule)
    return live


def tier_rights(shopper: Shopper) -> list[Rule]:
    """The rules a shopper brings along: the tier's rate and its free freight."""
    rights: list[Rule] = []
    tier_id, zh, en = shopper.tier_id or 0, shopper.tier_title_zh, shopper.tier_title_en
    if shopper.tier_rate_bp < FULL_RATE_BP:
        rate_bp = shopper.tier_rate_bp
        rights.append(TierRate(rule_id=tier_id, rate_bp=rate_bp, title_zh=zh, title_en=en))
    if shopper.tier_free_freight_fen is not None:
        fen = shopper.tier_free_freight_fen
        rights.append(TierFreeFreight(rule_id=tier_id, threshold_fen=fen, title_zh=zh, title_en=en))
    return rights
