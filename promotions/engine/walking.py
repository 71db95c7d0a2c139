"""How rules compete: line by line in lane 1, as groups in the lanes after it.

Rules are tried by (priority, larger saving, id), and a line takes part in at most one rule of a
lane: disjoint rules both apply, overlapping ones compete for the lines they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from mall.kernel.money import split
from promotions.engine.basket import Offer
from promotions.engine.items import Item
from promotions.engine.lanes import Lane
from promotions.engine.quote import PriceStep
from promotions.engine.refusals import OfferRefused
from promotions.engine.rules.base import Cut, GroupRule, UnitRule
from promotions.engine.worktop import Applied, Worktop

UnitBid = tuple[tuple[int, int, int, str], UnitRule]
GroupBid = tuple[tuple[int, int, int, str, int], GroupRule, tuple[Item, ...], Cut]


def set_unit_prices(top: Worktop, rules: Iterable[UnitRule]) -> None:
    """Lane 1: the shop's own price first, then each line's best rule.

    Raises: OfferRefused for lines with an offer that no rule gives.
    """
    for item in top.items:
        _show_shop_price(item)
    top.enter(Lane.UNIT_PRICE)
    best = _best_bids(top, rules)
    for place, (_, rule) in sorted(best.items()):
        _set_unit_price(top, top.items[place], rule)
    refused = [item for item in top.items if item.offer is not None and item.index not in best]
    if refused:
        keys = tuple(sorted(part.key for item in refused for part in item.parts))
        raise OfferRefused(line_keys=keys)


def priced_by(top: Worktop, rule: UnitRule) -> tuple[Item, ...]:
    """The items a lane 1 rule may price; lines with an offer belong to their activity alone."""
    items = top.touching(rule.scope)
    if rule.takes_offers:
        return tuple([item for item in items if _is_for(rule, item.line.offer)])
    if not top.has_offers:
        return items
    return tuple([item for item in items if item.line.offer is None])


def _is_for(rule: UnitRule, offer: Offer | None) -> bool:
    return offer is not None and (offer.kind, offer.rule_id) == (rule.kind, rule.rule_id)


def _show_shop_price(item: Item) -> None:
    line = item.line
    if line.price_fen == line.list_fen:
        return
    params = {"list_fen": line.list_fen, "price_fen": line.price_fen}
    amount_fen = (line.list_fen - line.price_fen) * item.quantity
    item.reduce(PriceStep(Lane.UNIT_PRICE, "shop_price", None, 1, "shop_price", params, amount_fen))


def _best_bids(top: Worktop, rules: Iterable[UnitRule]) -> dict[int, UnitBid]:
    best: dict[int, UnitBid] = {}
    for rule in rules:
        priority, rule_id, kind, takes_offers = (
            rule.priority,
            rule.rule_id,
            rule.kind,
            rule.takes_offers,
        )
        for item in priced_by(top, rule):
            rival = best.get(item.index)
            if rival is not None and rival[0][0] < priority:
                continue
            unit_fen = rule.unit_price(item)
            if unit_fen is None or (unit_fen >= item.unit_fen and not takes_offers):
                continue
            rank = (priority, unit_fen, rule_id, kind)
            if rival is None or rank < rival[0]:
                best[item.index] = (rank, rule)
    return best


def _set_unit_price(top: Worktop, item: Item, rule: UnitRule) -> None:
    named_fen = rule.unit_price(item)
    assert named_fen is not None, "a rule that won named a price"
    assert named_fen >= 0, "a piece never costs less than nothing"
    unit_fen = min(named_fen, item.unit_fen)  # an activity never asks more than the shop does
    off_fen = (item.unit_fen - unit_fen) * item.quantity
    facts = {"was_fen": item.unit_fen, "unit_fen": unit_fen, **rule.unit_facts(item)}
    params = rule.label_params(facts)
    if off_fen:
        item.reduce(rule.step(off_fen, params))
    item.unit_fen = unit_fen
    top.claim(item.index, rule)
    top.applied.append(Applied(rule, frozenset((item.index,)), off_fen))


def walk(top: Worktop, lane: Lane, rules: Sequence[GroupRule]) -> None:
    """Lanes 2 to 5: let ``rules`` take their lines, best first; each line goes to one at most."""
    top.enter(lane)
    first = [_bid(rule, place, top.open_to(rule)) for place, rule in enumerate(rules)]
    bids = [bid for bid in first if bid is not None]
    heapify(bids)
    taken: set[int] = set()
    while bids and len(taken) < len(top.items):
        rank, rule, items, cut = heappop(bids)
        free = tuple([item for item in items if item.index not in taken])
        if len(free) < len(items):  # a better rule took some of its lines: bid again on the rest
            again = _bid(rule, rank[-1], free)
            if again:
                heappush(bids, again)
            continue
        taken |= _apply(top, rule, items, cut)


def _bid(rule: GroupRule, place: int, items: tuple[Item, ...]) -> GroupBid | None:
    cut = rule.cut(items) if items else None
    if cut is None:
        return None
    return (rule.priority, rule.rank(cut), rule.rule_id, rule.kind, place), rule, items, cut


def _apply(top: Worktop, rule: GroupRule, items: tuple[Item, ...], cut: Cut) -> frozenset[int]:
    weights = cut.weights
    if weights is None:
        weights = tuple([item.left_fen for item in items])
    assert 0 < cut.off_fen <= sum(weights), "a rule takes something, never more than its goods"
    params = rule.label_params(cut.facts)
    step = rule.step(cut.off_fen, params)
    for item, share in zip(items, split(cut.off_fen, weights), strict=True):
        if share:
            item.reduce(step.resized(share))
    places = frozenset([item.index for item, weight in zip(items, weights, strict=True) if weight])
    for place in places:
        top.claim(place, rule)
    top.applied.append(Applied(rule, places, cut.off_fen))
    return places
