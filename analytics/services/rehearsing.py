"""A rehearsal: the real orders of the last days through the price engine twice, as they were and
with a set of campaigns switched in.

What it cannot know, it says (`UNKNOWN`): shoppers who would buy more, less or something else.
Source: design.md, section 5.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from analytics.rehearsal import BelowCost, Comparison, Goods, Tried, Verdict, judge, replay
from catalog.selectors import skus_for_pricing
from mall.kernel.errors import ShopError
from orders.selectors import (
    PastBasket,
    PastChunk,
    past_baskets,
    past_span,
    with_history_then,
)
from promotions import engine
from promotions.loading import QUOTE_LIFE, rules_for, tried_rules
from promotions.models import Campaign, Rehearsal
from promotions.services import (
    Finding,
    Window,
    fail_rehearsal,
    note_progress,
    open_rehearsal,
    record_rehearsal,
    take_rehearsal,
)

DAYS = 30
DAY = timedelta(days=1)
CHANGED = "changed"
UNKNOWN = (
    "behaviour", "rules_as_now", "costs_as_now", "goods_as_now", "tier_by_growth", "gift_stock",
    "refunds",
)  # fmt: skip
"""What a replay does not know, by code; the report says each in words."""


def ask_rehearsal(
    *, campaign_ids: Collection[int], at: datetime, actor: Any = None, days: int = DAYS
) -> Rehearsal:
    """Ask for these campaigns to be tried on the orders of the last ``days``; a worker takes it up.

    Raises: as `promotions.services.open_rehearsal`.
    """
    window = Window(at - timedelta(days=days), at)
    return open_rehearsal(campaign_ids=campaign_ids, window=window, at=at, actor=actor)


def run_rehearsals(clock: Callable[[], datetime]) -> int:
    """Hold every rehearsal that waits; returns how many. ``clock`` tells the time as it goes by."""
    held = 0
    while (rehearsal := take_rehearsal(at=clock())) is not None:
        hold_rehearsal(rehearsal, clock)
        held += 1
    return held


def hold_rehearsal(rehearsal: Rehearsal, clock: Callable[[], datetime]) -> Rehearsal:
    """Replay the orders of a rehearsal taken up before, and record what is found.

    A campaign that was changed since it was asked for is not judged. Queries: 12 a chunk of 1,000
    orders at most, and 9.
    """
    tried = dict(rehearsal.campaigns.values_list("campaign_id", "version"))
    campaigns = list(Campaign.objects.filter(pk__in=tried).order_by("pk"))
    if any(campaign.version != tried[campaign.pk] for campaign in campaigns):
        return fail_rehearsal(rehearsal_id=rehearsal.pk, failure=CHANGED, at=clock())
    try:
        run = _replayed(rehearsal, campaigns, clock)
    except ShopError as refusal:
        return fail_rehearsal(rehearsal_id=rehearsal.pk, failure=refusal.code, at=clock())
    days = max(1, round((rehearsal.until - rehearsal.since) / DAY))
    verdicts = judge(run.compared, {c.pk: _tried(c) for c in campaigns}, days)
    return record_rehearsal(
        rehearsal_id=rehearsal.pk,
        figures=run.figures(days),
        findings={pk: _findings(found) for pk, found in verdicts.items()},
        at=clock(),
    )


@dataclass(slots=True)
class _Run:
    """One replay under way: the tried campaigns, the sums, and what each SKU costs."""

    campaign_ids: tuple[int, ...]
    compared: Comparison
    goods: dict[int, Goods]
    orders: int = 0
    lines_without_sku: int = 0

    def add(self, chunk: PastChunk) -> None:
        """Price a chunk of orders twice. Queries: 9 at most."""
        self.orders += chunk.orders
        if not chunk.baskets:
            return
        books = self._books(chunk.baskets)
        self._learn(chunk, books)
        for past in with_history_then(chunk.baskets, books.tried):
            live, tried = books.at_rate(past.points_rate_bp)
            before = replay(past.basket, past.shopper, live, past.at)
            after = replay(past.basket, past.shopper, tried, past.at)
            self.compared.add(before, after)

    def figures(self, days: int) -> dict[str, Any]:
        """The sums as the rehearsal keeps them, with what it could not see."""
        return {
            **self.compared.as_json(),
            "days": days,
            "paid_orders": self.orders,
            "lines_without_sku": self.lines_without_sku,
            "unknown": list(UNKNOWN),
        }

    def _books(self, baskets: Sequence[PastBasket]) -> "_Books":
        """The rules of a chunk, loaded once: those live then, and with the tried ones."""
        lines = [line for past in baskets for line in past.basket.lines]
        first, last = baskets[0].at, baskets[-1].at
        rules = rules_for(lines=lines, shopper=None, at=first, until=last + QUOTE_LIFE)
        others = [
            replace(rule, budget_left_fen=None)  # what is left now was not what was left then
            for rule in rules.promotions
            if rule.rule_id not in self.campaign_ids
        ]
        tried = [_any_time(rule) for rule in tried_rules(self.campaign_ids, lines)]
        live = replace(rules, promotions=tuple(others))
        return _Books(live, replace(live, promotions=(*others, *tried)))

    def _learn(self, chunk: PastChunk, books: "_Books") -> None:
        """Remember code and cost of every SKU sold or given. Queries: 2 for gifts not met yet."""
        skus, at = chunk.skus, chunk.baskets[-1].at
        gifts = {sku_id for rule in books.tried.promotions for sku_id in _gifts_of(rule)}
        unknown = gifts - skus.keys() - self.goods.keys()
        found = {**skus, **skus_for_pricing(unknown, at)} if unknown else skus
        for sku_id in found.keys() - self.goods.keys():
            self.goods[sku_id] = Goods(found[sku_id].code, found[sku_id].cost_fen)


@dataclass(frozen=True, slots=True)
class _Books:
    """The rules without and with the tried campaigns."""

    live: engine.Rules
    tried: engine.Rules
    _by_rate: dict[int, tuple[engine.Rules, engine.Rules]] = field(default_factory=dict)

    def at_rate(self, rate_bp: int) -> tuple[engine.Rules, engine.Rules]:
        """Both books for shoppers who earn points at ``rate_bp``."""
        if rate_bp not in self._by_rate:
            points = replace(self.live.points, earn_bp=rate_bp)
            self._by_rate[rate_bp] = (
                replace(self.live, points=points),
                replace(self.tried, points=points),
            )
        return self._by_rate[rate_bp]


def _replayed(
    rehearsal: Rehearsal, campaigns: Iterable[Campaign], clock: Callable[[], datetime]
) -> _Run:
    names = {(str(c.kind), c.pk): (c.title_zh, c.title_en) for c in campaigns}
    span = past_span(rehearsal.since, rehearsal.until)
    goods: dict[int, Goods] = {}
    compared = Comparison(frozenset(names), goods, names=names)
    run = _Run(tuple(pk for _kind, pk in names), compared, goods)
    run.lines_without_sku = span.lines_without_sku
    for chunk in past_baskets(rehearsal.since, rehearsal.until):
        run.add(chunk)
        note_progress(rehearsal_id=rehearsal.pk, done=run.orders, total=span.orders, at=clock())
    return run


def _any_time(rule: engine.Rule) -> engine.Rule:
    """The rule as if it had been on all along, whatever it costs: the judge looks at budgets."""
    return replace(rule, starts_at=None, ends_at=None, budget_left_fen=None)


def _gifts_of(rule: engine.Rule) -> tuple[int, ...]:
    if not isinstance(rule, engine.GiftWithPurchase):
        return ()
    return tuple(sku_id for sku_id, _value_fen in rule.options)


def _tried(campaign: Campaign) -> Tried:
    """What the judge asks about a campaign itself. Queries: 1."""
    days = max(1, -((campaign.starts_at - campaign.ends_at) // DAY))
    return Tried(
        left_fen=campaign.left_fen,
        days=days,
        is_activity=campaign.is_activity,
        losses=_losses(campaign),
    )


def _losses(campaign: Campaign) -> tuple[BelowCost, ...]:
    """Goods that the campaign itself prices below their cost, the worst first. Queries: 1."""
    priced: Any = campaign.items if campaign.is_activity else campaign.sale_items
    rows = (
        priced.annotate(loss_fen=F("sku__cost_fen") - F("price_fen"))
        .filter(loss_fen__gt=0)
        .order_by("-loss_fen", "pk")
        .values_list("sku_id", "sku__code", "loss_fen")
    )
    return tuple(
        BelowCost(sku_id=sku_id, code=code, loss_fen=loss_fen) for sku_id, code, loss_fen in rows
    )


def _findings(verdicts: Iterable[Verdict]) -> list[Finding]:
    return [Finding(verdict.level, verdict.code, verdict.facts) for verdict in verdicts]
