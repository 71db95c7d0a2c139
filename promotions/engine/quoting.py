"""From the worked items back to the caller's lines: the quote, in the caller's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from mall.kernel.money import split
from promotions.engine.basket import Basket, Line
from promotions.engine.book import Rules
from promotions.engine.gift import Gifts
from promotions.engine.items import Item
from promotions.engine.lanes import Lane
from promotions.engine.quote import FreightQuote, PriceStep, Quote, QuoteLine
from promotions.engine.rules.presale import PresalePrice
from promotions.engine.spending import Spending
from promotions.engine.worktop import Worktop


def write_quote(
    *,
    basket: Basket,
    top: Worktop,
    freight: FreightQuote,
    spending: Spending,
    given: Gifts,
    rules: Rules,
    at: datetime,
) -> Quote:
    """The quote of a basket whose items have been through all lanes."""
    priced = _priced_lines(top, spending.used)
    lines = tuple([priced[line.key] for line in basket.lines])
    goods_fen = sum([line.list_fen for line in lines])
    paid_fen = sum([line.payable_fen for line in lines])
    payable_fen = paid_fen + freight.freight_fen
    return Quote(
        lines=lines,
        goods_fen=goods_fen,
        discount_fen=goods_fen - paid_fen,
        freight=freight,
        points=spending.quoted(rules.points.earned(paid_fen)),
        payable_fen=payable_fen,
        pay_now_fen=_due_now(top, payable_fen),
        valid_until=valid_until(basket, top, rules, at),
        region_code=basket.region_code,
        coupon_grant_ids=tuple(sorted(coupon.grant_id for coupon in basket.coupons)),
        given=given,
    )


def _due_now(top: Worktop, payable_fen: int) -> int:
    """All of it; with a presale line its deposits and the other goods, freight with the balance."""
    deposits = {
        place: applied.rule.deposit_fen(top.items[place])
        for applied in top.applied
        if isinstance(applied.rule, PresalePrice)
        for place in applied.places
    }
    if not deposits:
        return payable_fen
    return sum([deposits.get(item.index, item.left_fen) for item in top.items])


def valid_until(basket: Basket, top: Worktop, rules: Rules, at: datetime) -> datetime:
    """Until when the same basket costs the same: no rule on its goods starts or ends before."""
    until = at + timedelta(seconds=rules.quote_life_seconds)
    for rule in (*rules.promotions, *basket.coupons):
        change_at = rule.next_change(at)
        if change_at is not None and change_at < until and top.touching(rule.scope):
            until = change_at
    return until


def _priced_lines(top: Worktop, points: int) -> Mapping[str, QuoteLine]:
    """Every line by key; the points spent are shared over lines by what points pay of each."""
    explained = [part for item in top.items for part in _explained_parts(item)]
    paid = [_taken_by_points(part.steps) for part in explained] if points else []
    shares = split(points, paid) if points else [0] * len(explained)
    return {
        part.line.key: _quote_line(part, share)
        for part, share in zip(explained, shares, strict=True)
    }


def _taken_by_points(steps: Sequence[PriceStep]) -> int:
    return sum([step.amount_fen for step in steps if step.lane is Lane.POINTS])


class _Part(NamedTuple):
    line: Line
    left_fen: int
    steps: tuple[PriceStep, ...]


def _explained_parts(item: Item) -> list[_Part]:
    """Share each step over the parts by what the steps before left of them, never more."""
    if len(item.parts) == 1:
        return [_Part(item.line, item.left_fen, tuple(item.steps))]
    left = [part.list_fen * part.quantity for part in item.parts]
    steps: list[list[PriceStep]] = [[] for _ in item.parts]
    for step in item.steps:
        for place, share in enumerate(split(step.amount_fen, left)):
            if share:
                steps[place].append(step.resized(share))
                left[place] -= share
    parts = zip(item.parts, left, steps, strict=True)
    return [_Part(line, left_fen, tuple(taken)) for line, left_fen, taken in parts]


def _quote_line(part: _Part, points: int) -> QuoteLine:
    line, left_fen, steps = part
    list_fen = line.list_fen * line.quantity
    return QuoteLine(
        line.key, line.sku_id, line.offer, line.quantity, list_fen, left_fen, steps, points
    )
