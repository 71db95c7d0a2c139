"""Why not: for every rule that did not apply, the reason and the lines it concerns. On request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from promotions.engine.giving import earning_for
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.quote import LabelParams
from promotions.engine.rules.base import GroupRule, Lack, Reason, Rule, UnitRule
from promotions.engine.rules.free_freight import FreeFreight
from promotions.engine.rules.gift import GiftWithPurchase
from promotions.engine.settlement import Settlement
from promotions.engine.worktop import Worktop

Facts = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One rule, one reason, the lines of the basket it kept the rule from (none: not its goods)."""

    lane: Lane
    kind: str
    source_id: int
    label_code: str
    label_params: LabelParams
    reason: Reason
    facts: Facts
    line_keys: tuple[str, ...]


def why_not(settlement: Settlement) -> tuple[WhyNot, ...]:
    """Every rule and reason it did not apply, by lane and id. Coupons: see `judge_coupons`."""
    order = list(Lane)
    rules = sorted(
        settlement.live.known,
        key=lambda rule: (order.index(rule.lane), rule.rule_id, rule.kind),
    )
    answers = _Answers(settlement)
    return tuple(answer for rule in rules for answer in answers.on(rule))


def by_line(answers: Iterable[WhyNot]) -> dict[str, list[WhyNot]]:
    """The same answers by line key; those about other goods are left out."""
    found: dict[str, list[WhyNot]] = defaultdict(list)
    for answer in answers:
        for key in answer.line_keys:
            found[key].append(answer)
    return dict(found)


class _Answers:
    """The worktop as each lane found it, made once, and who took which item there."""

    def __init__(self, settlement: Settlement) -> None:
        self.settlement = settlement
        top = settlement.top
        self.tops = {lane: top.as_of(lane) for lane in top.entered}
        self.takers = {lane: top.takers(lane) for lane in Lane}

    def on(self, rule: Rule) -> list[WhyNot]:
        """The answers about one rule: one for each reason that holds for some of its lines."""
        top = self.tops[rule.lane]
        touched = top.touching(rule.scope)
        if not touched:
            return [_answer(rule, Reason.OUT_OF_SCOPE, {}, ())]
        refusal = rule.refusal(self.settlement.occasion)
        if refusal is not None:
            return [_answer(rule, refusal, self._refusal_facts(rule, touched), touched)]
        if isinstance(rule, FreeFreight):
            return self._on_freight(rule, top)
        if isinstance(rule, GiftWithPurchase):
            return self._on_gift(rule)
        missed = [item for item in touched if self._taker(rule, item) is not rule]
        lack = self._lack(rule, top, applied=len(missed) < len(touched))
        groups: dict[tuple[Reason, tuple[tuple[str, int | str], ...]], list[Item]] = {}
        for item in missed:
            reason, facts = self._miss(rule, item, lack)
            groups.setdefault((reason, tuple(facts.items())), []).append(item)
        return [
            _answer(rule, reason, dict(facts), items) for (reason, facts), items in groups.items()
        ]

    def _refusal_facts(self, rule: Rule, touched: Iterable[Item]) -> Facts:
        """The rule's own figures, and the lowest price of a piece it would have named: a price for
        others is shown openly (C-31, P-36)."""
        facts = rule.refusal_facts(self.settlement.occasion)
        if not isinstance(rule, UnitRule) or rule.takes_offers:
            return facts
        named = [fen for item in touched if (fen := rule.unit_price(item)) is not None]
        return {**facts, "unit_fen": min(named)} if named else facts

    def _taker(self, rule: Rule, item: Item) -> Rule | None:
        return self.takers[rule.lane].get(item.index)

    def _lack(self, rule: Rule, top: Worktop, *, applied: bool) -> Lack | None:
        if applied or not isinstance(rule, GroupRule):
            return None
        items = top.open_to(rule)
        return rule.lack(items) if items and rule.cut(items) is None else None

    def _miss(self, rule: Rule, item: Item, lack: Lack | None) -> tuple[Reason, Facts]:
        if rule.lane in item.kept_out or _belongs_to_activity(rule, item):
            return Reason.STACKING_EXCLUDED, {}
        if item.is_claimed_against(rule):
            return Reason.STACKING_EXCLUDED, {}
        if lack is not None:
            return lack.reason, lack.facts
        if isinstance(rule, UnitRule):
            unit_fen = rule.unit_price(item)
            step = rule.next_step(item) if unit_fen is None else None
            if step is not None:
                return Reason.QUANTITY_NOT_REACHED, {"missing_pieces": step.missing_pieces}
            if unit_fen is None or unit_fen >= item.unit_fen:
                return Reason.NOTHING_TO_REDUCE, {}
        taker = self._taker(rule, item)
        if taker is None:
            return Reason.NOTHING_TO_REDUCE, {}
        return Reason.BETTER_RULE_CHOSEN, {"chosen_kind": taker.kind, "chosen_id": taker.rule_id}

    def _on_freight(self, rule: FreeFreight, top: Worktop) -> list[WhyNot]:
        steps = self.settlement.quote.freight.steps
        if any((step.kind, step.source_id) == (rule.kind, rule.rule_id) for step in steps):
            return []
        missing_fen = rule.threshold_fen - goods_of(top.open_to(rule))
        if missing_fen > 0:
            facts = {"missing_fen": missing_fen, "threshold_fen": rule.threshold_fen}
            return [_answer(rule, Reason.THRESHOLD_NOT_REACHED, facts, ())]
        reason = Reason.BETTER_RULE_CHOSEN if steps else Reason.NOTHING_TO_REDUCE
        return [_answer(rule, reason, {}, ())]

    def _on_gift(self, rule: GiftWithPurchase) -> list[WhyNot]:
        quote, top = self.settlement.quote, self.settlement.top
        if any((gift.kind, gift.rule_id) == (rule.kind, rule.rule_id) for gift in quote.gifts):
            return []
        earning = earning_for(top, rule, frozenset())
        if not earning.items:
            return [_answer(rule, Reason.STACKING_EXCLUDED, {}, top.touching(rule.scope))]
        if not earning.times(rule):
            lack = rule.lack(earning.goods_fen, earning.pieces)
            return [_answer(rule, lack.reason, lack.facts, earning.items)]
        sold_out = any(notice.rule_id == rule.rule_id for notice in quote.gift_notices)
        reason = Reason.GIFT_SOLD_OUT if sold_out else Reason.BETTER_RULE_CHOSEN
        return [_answer(rule, reason, {}, earning.items)]


def _belongs_to_activity(rule: Rule, item: Item) -> bool:
    return isinstance(rule, UnitRule) and (item.offer is not None) is not rule.takes_offers


def _answer(rule: Rule, reason: Reason, facts: Facts, items: Iterable[Item]) -> WhyNot:
    keys = tuple(sorted(part.key for item in items for part in item.parts))
    params = rule.label_params(rule.face())
    return WhyNot(rule.lane, rule.kind, rule.rule_id, rule.kind, params, reason, facts, keys)
