"""The shelf's cards: what a product costs in each price window to come, its stock, its badges.

Computed from promotions and inventory, put down through catalog; cart and checkout never read it.
Source: design.md, section 6 (the shelf).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from catalog.selectors import (
    PlannedPrice,
    ShelfGoods,
    SkuFacts,
    edition_badge,
    planned_prices,
    shelf_goods,
    skus_for_pricing,
    whole_spans,
)
from catalog.services import CardRow, put_cards, take_marks
from inventory.selectors import stock_badges
from mall.kernel.db import atomic_retry
from orders.services.quoting import engine_line
from promotions import engine
from promotions.loading import campaign_rules
from promotions.presenting import flag_badge, shelf_badge
from promotions.selectors import zone_settings

BATCH = 50
MARKS = 200
MOST_BATCHES = 400
MOST_BADGES = 3
HOT_FROM = 1_000
"""Pieces paid for from which goods are a bestseller: 爆款."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DAYS_AHEAD = timedelta(days=62)
"""How far ahead cards know the days of rules that come back every month."""
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_Span = tuple[datetime, datetime]
_is_paused: ContextVar[bool] = ContextVar("shelf_is_paused", default=False)


def refresh_shelf(at: datetime, product_ids: Collection[int] | None = None) -> int:
    """Compute cards again: of these products, else of all that are marked; returns how many.

    A batch is one transaction of 13 statements, 14 with bundles. Locks: marks, the products' shelf.
    """
    if product_ids is not None:
        ids = sorted(product_ids)
        return sum(_refresh(at, ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))
    total = 0
    for _n in range(MOST_BATCHES):
        done = _refresh(at, None)
        if not done:
            break
        total += done
    return total


def shelf_is_paused() -> bool:
    """True while `shelf_paused` lets marks pile up."""
    return _is_paused.get()


@contextmanager
def shelf_paused() -> Iterator[None]:
    """Let marks pile up while much is written (seeds, imports); call `refresh_shelf` afterwards."""
    token = _is_paused.set(True)
    try:
        yield
    finally:
        _is_paused.reset(token)


@atomic_retry()
def _refresh(at: datetime, product_ids: Collection[int] | None) -> int:
    held = take_marks(limit=MARKS, product_ids=product_ids)
    if held:
        put_cards(cards=_cards(held, at), product_ids=held, at=at)
    return len(held)


def _cards(product_ids: Sequence[int], at: datetime) -> Iterator[CardRow]:
    """The cards of products on sale, one a price window. Queries: 7, 1 more with bundles."""
    goods = shelf_goods(product_ids)
    skus = skus_for_pricing([sku_id for one in goods.values() for sku_id in one.sku_ids], at)
    plans = planned_prices(skus, at) if skus else {}
    stock = stock_badges(goods)
    lines = tuple(engine_line(str(facts.id), facts, 1) for facts in skus.values())
    rules = campaign_rules(lines, at, FOR_EVER) if lines else ()
    windows = [
        _Window.priced(_planned(skus, plans, edges[0]), rules, *edges)
        for edges in _edges(rules, plans, at)
    ]
    spans = _spans(skus)
    new_for = timedelta(days=zone_settings().new_days)
    for product_id, known in goods.items():
        special = _edition([skus[sku_id] for sku_id in known.sku_ids if sku_id in skus])
        in_stock = [spans[pk] for pk in known.sku_ids if pk in spans and stock[product_id].in_stock]
        flags, new_until = _flags(known, special), (known.listed_at or LONG_AGO) + new_for
        cards = _dated([window.card(product_id, known.sku_ids) for window in windows])
        edge = new_until if new_until > at else LONG_AGO
        rows = [part for card in cards for part in _flagged(card, flags, edge)]
        yield from _joined([part for row in rows for part in _stocked(row, in_stock)])


def _spans(skus: Mapping[int, SkuFacts]) -> Mapping[int, _Span]:
    """From when until when each SKU can be bought, as far as the parts of bundles say; nothing of
    a bundle with a part that is not sold."""
    bundles = [pk for pk, facts in skus.items() if facts.parts]
    whole = whole_spans(bundles) if bundles else {}
    return {
        **{pk: (LONG_AGO, FOR_EVER) for pk, facts in skus.items() if not facts.parts},
        **{pk: (since or LONG_AGO, until or FOR_EVER) for pk, (since, until) in whole.items()},
    }


def _stocked(card: CardRow, spans: Sequence[_Span]) -> Iterator[CardRow]:
    """The card in pieces, cut where a bundle's last part comes to the shelf or its first one
    leaves it (C-06, C-13): in stock while one of the ``spans`` lasts."""
    cuts = {edge for span in spans for edge in span if card.valid_from < edge < card.valid_until}
    points = [card.valid_from, *sorted(cuts), card.valid_until]
    for since, until in zip(points, points[1:], strict=False):
        is_sold = any(starts_at <= since < ends_at for starts_at, ends_at in spans)
        yield replace(card, valid_from=since, valid_until=until, in_stock=is_sold)


def _planned(
    skus: Mapping[int, SkuFacts], plans: Mapping[int, Sequence[PlannedPrice]], at: datetime
) -> Mapping[int, SkuFacts]:
    """The SKUs with the basic prices that will hold at ``at`` (C-28)."""
    changed = {}
    for sku_id, rows in plans.items():
        held = [plan for plan in rows if plan.at <= at]
        if held:
            changed[sku_id] = replace(
                skus[sku_id],
                price_fen=held[-1].price_fen,
                list_price_fen=held[-1].list_price_fen,
            )
    return {**skus, **changed}


def _edition(facts: Sequence[SkuFacts]) -> tuple[dict[str, str], ...]:
    """The badge of a product's edition, read off any of its SKUs (C-15)."""
    badge = edition_badge(facts[0]) if facts else None
    return (badge,) if badge else ()


def _flags(goods: ShelfGoods, special: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    """What goods are of themselves for good: their edition, 爆款 (P-39)."""
    return (*special, flag_badge("hot")) if goods.sales >= HOT_FROM else special


def _flagged(
    card: CardRow, flags: tuple[dict[str, str], ...], new_until: datetime
) -> Iterator[CardRow]:
    """The card with its flags before the campaigns, in two where the goods cease to be 新品
    (C-11)."""
    edge = min(max(new_until, card.valid_from), card.valid_until)
    if card.valid_from < edge:
        badges = (*flags, flag_badge("new"), *card.badges)
        yield replace(card, valid_until=edge, badges=badges)
    if edge < card.valid_until:
        yield replace(card, valid_from=edge, badges=(*flags, *card.badges))


def _edges(
    rules: Sequence[engine.Rule],
    plans: Mapping[int, Sequence[PlannedPrice]],
    at: datetime,
) -> Iterator[tuple[datetime, datetime]]:
    """From the dawn of time to for ever, cut wherever a rule begins or ends after ``at``, or a
    basic price changes."""
    cuts = {edge for rule in rules for edge in (rule.starts_at, rule.ends_at) if edge and edge > at}
    cuts |= {day for rule in rules for day in _days_of(rule, at)}
    cuts |= {plan.at for rows in plans.values() for plan in rows}
    points = [LONG_AGO, *sorted(cuts), FOR_EVER]
    return zip(points, points[1:], strict=False)


def _days_of(rule: engine.Rule, at: datetime) -> Iterator[datetime]:
    """Where a rule of certain days (会员日) turns on and off, as far as cards look ahead."""
    edge = rule.next_change(at)
    while edge is not None and edge < at + DAYS_AHEAD:
        yield edge
        edge = rule.next_change(edge)


@dataclass(frozen=True, slots=True)
class _Window:
    """What holds between two instants: a piece's price by SKU, the rules that touch each
    product."""

    starts_at: datetime
    ends_at: datetime
    skus: Mapping[int, SkuFacts]
    prices: Mapping[str, int]
    rules: Mapping[int, Sequence[engine.Rule]]

    @classmethod
    def priced(
        cls,
        skus: Mapping[int, SkuFacts],
        rules: Sequence[engine.Rule],
        starts_at: datetime,
        ends_at: datetime,
    ) -> "_Window":
        """Price every SKU for a guest at the window's last instant; nothing changes within it."""
        at = ends_at - datetime.resolution
        lines = tuple(engine_line(str(facts.id), facts, 1) for facts in skus.values())
        book = engine.Rules(promotions=tuple(rules))
        settlement = engine.settle(engine.Basket(lines), engine.GUEST, book, at)
        touched: dict[int, list[engine.Rule]] = {}
        for rule in rules:
            if rule.refusal(settlement.occasion) is None:
                for product_id in {i.line.product_id for i in settlement.top.touching(rule.scope)}:
                    touched.setdefault(product_id, []).append(rule)
        prices = engine.piece_prices(lines, engine.GUEST, book, at)
        return cls(starts_at, ends_at, skus, prices, touched)

    def card(self, product_id: int, sku_ids: Sequence[int]) -> CardRow:
        """The card of one product; its struck price is that of the cheapest SKU."""
        tags = sorted(
            (self.prices[str(sku.id)], sku.list_price_fen, sku.price_fen, sku.id)
            for sku in (self.skus[sku_id] for sku_id in sku_ids)
        )
        price_fen, list_price_fen, _ordinary_fen, cheapest_id = tags[0]
        is_cheaper = any(price < ordinary for price, _list, ordinary, _id in tags)
        return CardRow(
            product_id=product_id,
            valid_from=self.starts_at,
            valid_until=self.ends_at,
            price_fen=price_fen,
            price_to_fen=tags[-1][0],
            list_price_fen=list_price_fen,
            is_list_price_suggested=self.skus[cheapest_id].is_list_price_suggested,
            in_stock=False,
            badges=_badges(self.rules.get(product_id, ()), is_cheaper=is_cheaper),
        )


def _badges(rules: Sequence[engine.Rule], *, is_cheaper: bool) -> tuple[dict[str, str], ...]:
    found: dict[str, dict[str, str]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.priority, rule.rule_id)):
        if rule.kind != engine.Sale.kind or is_cheaper:
            found.setdefault(rule.kind, shelf_badge(rule))
    return tuple(list(found.values())[:MOST_BADGES])


def _dated(cards: Sequence[CardRow]) -> list[CardRow]:
    """The cards, a sale's badge saying until when its price holds, whatever else changes before."""
    found: list[CardRow] = []
    price, ends_at = (0, 0), FOR_EVER
    for card in reversed(cards):
        if price != (card.price_fen, card.price_to_fen):
            price, ends_at = (card.price_fen, card.price_to_fen), card.valid_until
        found.append(replace(card, badges=tuple(_ending(one, ends_at) for one in card.badges)))
    return found[::-1]


def _ending(badge: dict[str, str], ends_at: datetime) -> dict[str, str]:
    if badge["kind"] != engine.Sale.kind or ends_at == FOR_EVER:
        return badge
    return {**badge, "ends_at": ends_at.isoformat()}


def _joined(rows: Sequence[CardRow]) -> Iterator[CardRow]:
    """Neighbouring windows in which nothing differs are one."""
    current: CardRow | None = None
    for row in rows:
        if current is not None and replace(row, valid_from=current.valid_from) == replace(
            current, valid_until=row.valid_until
        ):
            current = replace(current, valid_until=row.valid_until)
            continue
        if current is not None:
            yield current
        current = row
    if current is not None:
        yield current
