"""Two runs of the same baskets summed side by side: what the tried campaigns would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any

from analytics.rehearsal.replaying import Replayed
from promotions import engine

RuleKey = tuple[str, int]
"""A rule by kind and source id."""
SHOP_PRICE = "shop_price"
MOST_SKUS = 20
MOST_PAIRS = 20


def rule_key(step: engine.PriceStep) -> RuleKey:
    """Which rule wrote a step."""
    return step.kind, step.source_id or 0


@dataclass(frozen=True, slots=True)
class Goods:
    """A SKU by its code, and what one piece of it costs the shop (0: nobody entered it)."""

    code: str
    cost_fen: int


@dataclass(slots=True)
class Side:
    """The sums of one run, in fen.

    ``discount_fen`` is all that rules gave away, on goods, freight and as gifts; ``margin_fen`` is
    goods before points less what they and the gifts cost.
    """

    gmv_fen: int = 0
    goods_fen: int = 0
    discount_fen: int = 0
    freight_fen: int = 0
    margin_fen: int = 0


@dataclass(slots=True)
class BelowCost:
    """A SKU that the tried campaigns sell below its cost: lines, pieces and what is lost."""

    sku_id: int
    code: str
    lines: int = 0
    pieces: int = 0
    loss_fen: int = 0


@dataclass(slots=True)
class Comparison:
    """Orders priced with and without the tried rules; ``goods`` are theirs, by SKU."""

    tried: frozenset[RuleKey]
    goods: Mapping[int, Goods]
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    orders: int = 0
    affected: int = 0
    affected_before: Side = field(default_factory=Side)
    affected_after: Side = field(default_factory=Side)
    skipped: int = 0
    lost_coupons: int = 0
    below_cost: dict[int, BelowCost] = field(default_factory=dict)
    below_cost_before: int = 0
    taken_fen: Counter[RuleKey] = field(default_factory=Counter)
    taken_before_fen: Counter[RuleKey] = field(default_factory=Counter)
    names: dict[RuleKey, tuple[str, str]] = field(default_factory=dict)
    stacks: Counter[tuple[RuleKey, ...]] = field(default_factory=Counter)
    stacks_before: Counter[tuple[RuleKey, ...]] = field(default_factory=Counter)

    def add(self, before: Replayed | None, after: Replayed | None) -> None:
        """Count one order; one that a run could not price is only counted as skipped."""
        if before is None or after is None:
            self.skipped += 1
            return
        self.orders += 1
        self.lost_coupons += max(0, after.lost_coupons - before.lost_coupons)
        was, now = self._side(before.quote), self._side(after.quote)
        _add(self.before, was)
        _add(self.after, now)
        self._count_rules(before.quote, self.taken_before_fen, self.stacks_before)
        tried_took = self._count_rules(after.quote, self.taken_fen, self.stacks)
        self._count_losses(before.quote, after.quote)
        if tried_took or was != now:
            self.affected += 1
            _add(self.affected_before, was)
            _add(self.affected_after, now)

    def cost_of(self, campaign_id: int) -> int:
        """What the tried rules of one campaign took off all orders, in fen."""
        keys = [key for key in self.tried if key[1] == campaign_id]
        return sum(self.taken_fen[key] for key in keys)

    def new_pairs(self) -> list[dict[str, Any]]:
        """Pairs of rules that met on a line only in the run with the tried ones, most lines
        first."""
        known = _pairs(self.stacks_before)
        new = {pair: lines for pair, lines in _pairs(self.stacks).items() if pair not in known}
        ranked = sorted(new.items(), key=lambda item: (-item[1], item[0]))
        return [
            {"rules": [self._named(key) for key in pair], "lines": lines}
            for pair, lines in ranked[:MOST_PAIRS]
        ]

    def worst_losses(self) -> list[BelowCost]:
        """SKUs newly sold below cost, the largest loss first."""
        return sorted(self.below_cost.values(), key=lambda loss: (-loss.loss_fen, loss.sku_id))

    def as_json(self) -> dict[str, Any]:
        """The sums as plain JSON, the way a rehearsal keeps them."""
        losses = self.worst_losses()
        return {
            "orders": self.orders,
            "affected": self.affected,
            "skipped": self.skipped,
            "lost_coupons": self.lost_coupons,
            "before": asdict(self.before),
            "after": asdict(self.after),
            "affected_before": asdict(self.affected_before),
            "affected_after": asdict(self.affected_after),
            "rules": self._rules(),
            "pairs": self.new_pairs(),
            "below_cost": [asdict(loss) for loss in losses[:MOST_SKUS]],
            "below_cost_skus": len(losses),
            "below_cost_loss_fen": sum(loss.loss_fen for loss in losses),
            "below_cost_lines_before": self.below_cost_before,
            "skus_without_cost": sum(not goods.cost_fen for goods in self.goods.values()),
        }

    def _rules(self) -> list[dict[str, Any]]:
        """Every rule whose takings differ between the runs, and every tried one."""
        keys = self.tried | self.taken_fen.keys() | self.taken_before_fen.keys()
        rows = [
            {
                **self._named(key),
                "tried": key in self.tried,
                "before_fen": self.taken_before_fen[key],
                "after_fen": self.taken_fen[key],
            }
            for key in sorted(keys)
        ]
        return [row for row in rows if row["tried"] or row["before_fen"] != row["after_fen"]]

    def _named(self, key: RuleKey) -> dict[str, Any]:
        title_zh, title_en = self.names.get(key, ("", ""))
        return {"kind": key[0], "id": key[1], "title_zh": title_zh, "title_en": title_en}

    def _side(self, quote: engine.Quote) -> Side:
        margin_fen = discount_fen = 0
        for line in quote.lines:
            discount_fen += _given(line.steps)
            margin_fen += _before_points(line) - self._cost_fen(line)
        for gift in quote.gifts:
            discount_fen += gift.value_fen * gift.quantity
            margin_fen -= self._cost_fen(gift)
        return Side(
            gmv_fen=quote.payable_fen,
            goods_fen=quote.payable_fen - quote.freight_fen,
            discount_fen=discount_fen + _given(quote.freight.steps),
            freight_fen=quote.freight_fen,
            margin_fen=margin_fen,
        )

    def _count_rules(
        self,
        quote: engine.Quote,
        taken_fen: Counter[RuleKey],
        stacks: Counter[tuple[RuleKey, ...]],
    ) -> bool:
        """Sum what each rule took and which met on a line; True when a tried one took part."""
        took = False
        for line in quote.lines:
            met = self._sum_steps(line.steps, taken_fen)
            took = took or not self.tried.isdisjoint(met)
            if len(met) > 1:
                stacks[tuple(sorted(met))] += 1
        met = [*self._sum_steps(quote.freight.steps, taken_fen), *self._sum_gifts(quote, taken_fen)]
        return took or not self.tried.isdisjoint(met)

    def _sum_steps(
        self, steps: Iterable[engine.PriceStep], taken_fen: Counter[RuleKey]
    ) -> list[RuleKey]:
        met = []
        for step in steps:
            if _is_given(step):
                key = rule_key(step)
                taken_fen[key] += step.amount_fen
                met.append(key)
                if key not in self.names:
                    self.names[key] = _titles(step.label_params)
        return met

    def _cost_fen(self, line: engine.QuoteLine | engine.GiftLine) -> int:
        return self.goods[line.sku_id].cost_fen * line.quantity

    def _sum_gifts(self, quote: engine.Quote, taken_fen: Counter[RuleKey]) -> list[RuleKey]:
        met = []
        for gift in quote.gifts:
            key = gift.kind, gift.rule_id
            taken_fen[key] += gift.value_fen * gift.quantity
            self.names.setdefault(key, _titles(gift.label_params))
            met.append(key)
        return met

    def _count_losses(self, before: engine.Quote, after: engine.Quote) -> None:
        for was, now in zip(before.lines, after.lines, strict=True):
            cost_fen = self._cost_fen(now)
            loss_fen = cost_fen - _before_points(now)
            was_below = _before_points(was) < cost_fen
            self.below_cost_before += was_below
            if loss_fen > 0 and not was_below:
                sold = BelowCost(now.sku_id, self.goods[now.sku_id].code)
                loss = self.below_cost.setdefault(now.sku_id, sold)
                loss.lines += 1
                loss.pieces += now.quantity
                loss.loss_fen += loss_fen


def _is_given(step: engine.PriceStep) -> bool:
    """A step that gives something away: not the shop's ordinary price, nor points spent."""
    return step.kind != SHOP_PRICE and step.lane is not engine.Lane.POINTS


def _given(steps: Iterable[engine.PriceStep]) -> int:
    return sum([step.amount_fen for step in steps if _is_given(step)])


def _before_points(line: engine.QuoteLine) -> int:
    """What a line brings before points: they are a way to pay, counted when they were given."""
    points_fen = sum([s.amount_fen for s in line.steps if s.lane is engine.Lane.POINTS])
    return line.payable_fen + points_fen


def _titles(params: Mapping[str, int | str]) -> tuple[str, str]:
    return str(params.get("title_zh", "")), str(params.get("title_en", ""))


def _add(total: Side, part: Side) -> None:
    total.gmv_fen += part.gmv_fen
    total.goods_fen += part.goods_fen
    total.discount_fen += part.discount_fen
    total.freight_fen += part.freight_fen
    total.margin_fen += part.margin_fen


def _pairs(stacks: Mapping[tuple[RuleKey, ...], int]) -> Counter[tuple[RuleKey, RuleKey]]:
    met: Counter[tuple[RuleKey, RuleKey]] = Counter()
    for stack, lines in stacks.items():
        for first, second in combinations(stack, 2):
            met[first, second] += lines
    return met
