"""What is odd about a set of rules before any basket is seen: asked when a campaign is saved.

Nothing here blocks by itself; who saves decides. Pure ids: of a category and a brand nobody knows
here whether they share goods, so they are taken to. Source: design.md, section 5; O-07.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from mall.kernel.money import FULL_RATE_BP
from promotions.engine.lanes import Lane
from promotions.engine.overlap import can_meet, ends, is_within, starts
from promotions.engine.rules.base import Rule, UnitRule
from promotions.engine.rules.bundle_price import BundlePrice
from promotions.engine.rules.dated_rate import DatedRate
from promotions.engine.rules.every_off import EveryOff
from promotions.engine.rules.gift import GiftWithPurchase
from promotions.engine.rules.pieces_rate import PiecesRate
from promotions.engine.rules.sale import Sale
from promotions.engine.rules.second_half_price import SecondHalfPrice
from promotions.engine.rules.threshold_off import ThresholdOff
from promotions.engine.rules.threshold_rate import ThresholdRate
from promotions.engine.rules.tier_rate import TierRate

COMPETING = (Lane.UNIT_PRICE, Lane.ITEM_OFFER, Lane.ORDER_OFFER)
"""Lanes where two rules of one priority surprise; in tier_rate the best one is the point."""

ORDER = {lane: place for place, lane in enumerate(Lane)}


class ConflictCode(StrEnum):
    """What is odd. Frozen: screens switch on these."""

    NEVER_LIVE = "never_live"
    GIVES_NOTHING = "gives_nothing"
    FOR_NOTHING = "for_nothing"
    SHUTS_NOTHING = "shuts_nothing"
    SAME_PRIORITY = "same_priority"
    NEVER_REACHED = "never_reached"
    SHUT_OUT = "shut_out"
    SAME_GROUP = "same_group"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One finding: the rule it is about first, the one that causes it second (if any)."""

    code: ConflictCode
    rule_ids: tuple[int, ...]
    kinds: tuple[str, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)


def conflicts(rules: Iterable[Rule]) -> tuple[Conflict, ...]:
    """Every odd thing about each rule alone and each pair, in the order of the rules.

    Prices of activities meet no others: they are for lines of their own.
    """
    known = tuple(rules)
    found = [finding for rule in known for finding in _alone(rule)]
    open_rules = [rule for rule in known if not _is_activity(rule)]
    for one, other in combinations(open_rules, 2):
        if _could_clash(one, other) and can_meet(one, other):
            found.extend(_together(one, other))
    return tuple(found)


def _is_activity(rule: Rule) -> bool:
    return isinstance(rule, UnitRule) and rule.takes_offers


def _could_clash(one: Rule, other: Rule) -> bool:
    """Rules of one campaign belong together (P-29); in two lanes one must shut something."""
    if (one.origin, one.rule_id) == (other.origin, other.rule_id):
        return False
    shuts = one.excludes or other.excludes or (one.exclusive_group and other.exclusive_group)
    return one.lane is other.lane or bool(shuts)


def _alone(rule: Rule) -> Iterator[Conflict]:
    if starts(rule) >= ends(rule):
        yield _finding(ConflictCode.NEVER_LIVE, rule)
    worst_off_bp = _deepest_bp(rule)
    if worst_off_bp == 0:
        yield _finding(ConflictCode.GIVES_NOTHING, rule)
    elif worst_off_bp is not None and worst_off_bp >= FULL_RATE_BP:
        yield _finding(ConflictCode.FOR_NOTHING, rule)
    idle = {lane for lane in rule.excludes if _shuts_nothing(rule, lane)}
    if idle:
        lanes = ", ".join(lane.value for lane in sorted(idle, key=ORDER.__getitem__))
        yield _finding(ConflictCode.SHUTS_NOTHING, rule, facts={"lanes": lanes})


def _shuts_nothing(rule: Rule, lane: Lane) -> bool:
    """Only a later lane can be shut, and a gift or free freight shuts none."""
    return isinstance(rule, GiftWithPurchase) or ORDER[lane] <= ORDER[rule.lane]


def _together(one: Rule, other: Rule) -> Iterator[Conflict]:
    if one.lane is other.lane:
        yield from _in_one_lane(one, other)
        return
    first, later = sorted((one, other), key=lambda rule: ORDER[rule.lane])
    facts = {"always": int(is_within(later, first) and _asks_nothing(first))}
    if later.lane in first.excludes and not isinstance(first, GiftWithPurchase):
        yield _finding(ConflictCode.SHUT_OUT, later, first, facts={**facts, "lane": later.lane})
    elif first.exclusive_group and first.exclusive_group == later.exclusive_group:
        group = first.exclusive_group
        yield _finding(ConflictCode.SAME_GROUP, later, first, facts={**facts, "group": group})


def _in_one_lane(one: Rule, other: Rule) -> Iterator[Conflict]:
    if isinstance(one, GiftWithPurchase) is not isinstance(other, GiftWithPurchase):
        return
    first, later = sorted((one, other), key=lambda rule: rule.priority)
    if first.priority < later.priority and _takes_all(first, later):
        yield _finding(ConflictCode.NEVER_REACHED, later, first)
    elif one.priority == other.priority and one.lane in COMPETING:
        facts = {"lane": one.lane.value, "priority": one.priority}
        yield _finding(ConflictCode.SAME_PRIORITY, one, other, facts=facts)


def _takes_all(first: Rule, later: Rule) -> bool:
    """Wherever ``later`` would apply, ``first`` has already taken every line it could have."""
    if first.lane is Lane.FREIGHT or not is_within(later, first):
        return False
    if _asks_nothing(first):
        return True
    least, first_least = _least(later), _least(first)
    return least is not None and first_least is not None and first_least <= least


def _asks_nothing(rule: Rule) -> bool:
    """The rule has every line of its scope, whatever is in the basket and whoever buys."""
    if isinstance(rule, DatedRate) or not isinstance(rule, Sale | TierRate):
        return False
    return rule.rate_bp < FULL_RATE_BP


def _least(rule: Rule) -> int | None:
    """The amount, or for PiecesRate the pieces, at which the rule begins."""
    if isinstance(rule, EveryOff):
        return rule.every_fen if rule.off_fen else None
    if isinstance(rule, ThresholdOff):
        return min((spend for spend, off_fen in rule.steps if off_fen), default=None)
    if isinstance(rule, ThresholdRate | PiecesRate):
        return min((step for step, rate_bp in rule.steps if rate_bp < FULL_RATE_BP), default=None)
    return None


def _deepest_bp(rule: Rule) -> int | None:
    """The most a rule takes off its goods in basis points, None where ids alone do not tell."""
    if isinstance(rule, Sale | TierRate):
        return None if isinstance(rule, Sale) and rule.prices else FULL_RATE_BP - rule.rate_bp
    if isinstance(rule, SecondHalfPrice):
        return (FULL_RATE_BP - rule.second_rate_bp) // 2
    if isinstance(rule, PiecesRate | ThresholdRate):
        return max((FULL_RATE_BP - rate_bp for _, rate_bp in rule.steps), default=0)
    if isinstance(rule, EveryOff):
        return rule.off_fen * FULL_RATE_BP // rule.every_fen
    if isinstance(rule, ThresholdOff):
        return max((off * FULL_RATE_BP // max(spend, 1) for spend, off in rule.steps), default=0)
    if isinstance(rule, BundlePrice):
        return FULL_RATE_BP if rule.price_fen == 0 else None
    return None


def _finding(
    code: ConflictCode, *rules: Rule, facts: Mapping[str, int | str] | None = None
) -> Conflict:
    ids = tuple(rule.rule_id for rule in rules)
    return Conflict(code, ids, tuple(rule.kind for rule in rules), facts or {})
