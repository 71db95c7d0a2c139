"""Which gifts a basket earns, and which of a rule's options can be given. Changes no price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promotions.engine.basket import Basket
from promotions.engine.gift import (
    NO_GIFTS,
    GiftLine,
    GiftNotice,
    GiftNoticeCode,
    GiftOption,
    Gifts,
)
from promotions.engine.items import Item
from promotions.engine.lanes import Lane
from promotions.engine.rules.gift import GiftChoice, GiftWithPurchase
from promotions.engine.worktop import Worktop


@dataclass(frozen=True, slots=True)
class Earning:
    """The lines that stand for one gift rule, and what lanes 1 and 2 left of them."""

    items: tuple[Item, ...]
    goods_fen: int
    pieces: int

    def times(self, rule: GiftWithPurchase) -> int:
        """How many times these lines earn the rule's gift."""
        return rule.times(self.goods_fen, self.pieces) if self.items else 0

    def keys(self) -> tuple[str, ...]:
        """The callers' lines, by key."""
        return tuple(sorted(part.key for item in self.items for part in item.parts))


def give_gifts(
    top: Worktop,
    rules: Sequence[GiftWithPurchase],
    basket: Basket,
    stock: Mapping[int, int] | None,
) -> Gifts:
    """Every gift earned, best first (priority, larger value, id); a line counts for one of them.

    ``stock`` is what there is of each gift (None: not known), less what the basket itself buys.
    An option that is gone gives way to the next one; with none left there is only a notice.
    """
    if not rules:
        return NO_GIFTS
    shelf = _Shelf.of(basket, stock)
    taken: set[int] = set()
    lines: list[GiftLine] = []
    notices: list[GiftNotice] = []
    for rule in sorted(rules, key=lambda rule: _rank(top, rule)):
        earning = earning_for(top, rule, taken)
        times = earning.times(rule)
        if not times:
            continue
        line, notice = _give(rule, earning, times, basket.gift_choices.get(rule.rule_id), shelf)
        if notice is not None:
            notices.append(notice)
        if line is not None:
            lines.append(line)
            taken.update(item.index for item in earning.items)
    return Gifts(tuple(lines), tuple(notices))


def earning_for(top: Worktop, rule: GiftWithPurchase, taken: set[int] | frozenset[int]) -> Earning:
    """The rule's open lines that no other gift took, as lane order_offer found them."""
    standing = top.entered[Lane.ORDER_OFFER]
    items = []
    goods_fen = pieces = 0
    for item in top.touching(rule.scope):
        _, left_fen, kept_out = standing[item.index][:3]
        shut = rule.lane in kept_out or item.is_claimed_against(rule)
        if shut or item.index in taken:
            continue
        items.append(item)
        goods_fen += left_fen
        pieces += item.quantity
    return Earning(tuple(items), goods_fen, pieces)


def _rank(top: Worktop, rule: GiftWithPurchase) -> tuple[int, int, int]:
    earning = earning_for(top, rule, frozenset())
    times = earning.times(rule)
    return rule.priority, -times * rule.quantity * rule.options[0][1], rule.rule_id


@dataclass(slots=True)
class _Shelf:
    """What is left of the gifts while they are given out."""

    stock: Mapping[int, int] | None
    gone: Counter[int]

    @classmethod
    def of(cls, basket: Basket, stock: Mapping[int, int] | None) -> _Shelf:
        bought: Counter[int] = Counter()
        for line in basket.lines:
            bought[line.sku_id] += line.quantity
        return cls(stock, bought)

    def sets(self, sku_id: int, quantity: int, times: int) -> int:
        """How many of ``times`` sets of ``quantity`` pieces there are."""
        if self.stock is None:
            return times
        left = self.stock.get(sku_id, 0) - self.gone[sku_id]
        return max(0, min(times, left // quantity))


def _give(
    rule: GiftWithPurchase, earning: Earning, times: int, wish: int | None, shelf: _Shelf
) -> tuple[GiftLine | None, GiftNotice | None]:
    ordered = sorted(rule.options, key=lambda option: option[0] != wish)  # stable: the wish first
    sets = {sku_id: shelf.sets(sku_id, rule.quantity, times) for sku_id, _ in ordered}
    best = max(ordered, key=lambda option: sets[option[0]])  # the first of the fullest
    wanted_id, given_id = ordered[0][0], best[0] if sets[best[0]] else None
    notice = _notice(rule, earning, wanted_id, given_id, is_full=sets[best[0]] == times)
    if given_id is None:
        return None, notice
    quantity = sets[given_id] * rule.quantity
    options = tuple(GiftOption(*option, sets[option[0]] == times) for option in rule.options)
    shelf.gone[given_id] += quantity
    return _line(rule, earning, best, quantity, options), notice


def _line(
    rule: GiftWithPurchase,
    earning: Earning,
    gift: GiftChoice,
    quantity: int,
    options: tuple[GiftOption, ...],
) -> GiftLine:
    return GiftLine(
        kind=rule.kind,
        rule_id=rule.rule_id,
        version=rule.version,
        sku_id=gift[0],
        quantity=quantity,
        value_fen=gift[1],
        line_keys=earning.keys(),
        choices=options,
        label_params=rule.label_params(rule.face()),
    )


def _notice(
    rule: GiftWithPurchase, earning: Earning, wanted_id: int, given_id: int | None, *, is_full: bool
) -> GiftNotice | None:
    if given_id is None:
        code = GiftNoticeCode.SOLD_OUT
    elif given_id != wanted_id:
        code = GiftNoticeCode.SUBSTITUTED
    elif not is_full:
        code = GiftNoticeCode.REDUCED
    else:
        return None
    params = rule.label_params(rule.face())
    return GiftNotice(rule.rule_id, code, wanted_id, given_id, earning.keys(), params)
