"""凑单: what the basket nearly has ("再买 ¥12 减 ¥50"). On request. Source: plan 000 (O-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from promotions.engine.giving import earning_for
from promotions.engine.items import goods_of
from promotions.engine.lanes import ACROSS_LINES, Lane
from promotions.engine.quote import LabelParams
from promotions.engine.refusals import Undeliverable
from promotions.engine.rules.base import GroupRule, NextStep, Rule
from promotions.engine.settlement import Settlement
from promotions.engine.shipping import TEMPLATE_FREE, Parcel, charge_freight, parcels
from promotions.engine.walking import priced_by
from promotions.engine.worktop import Worktop

MOST_OFFERS = 5


@dataclass(frozen=True, slots=True)
class NearOffer:
    """A step in reach: goods worth ``missing_fen`` more take ``off_fen`` off in all.

    Where a rule counts pieces, ``missing_pieces`` are what ``missing_fen`` buys; of a gift
    ``off_fen`` is the declared value.
    """

    lane: Lane
    kind: str
    source_id: int
    label_code: str
    label_params: LabelParams
    missing_fen: int
    off_fen: int
    missing_pieces: int = 0


def near_offers(settlement: Settlement, limit: int = MOST_OFFERS) -> tuple[NearOffer, ...]:
    """The nearest steps that would take more off than the basket has now, nearest first."""
    found = [
        *_near_unit_steps(settlement),
        *_near_steps(settlement),
        *_near_gifts(settlement),
        *_near_free_freight(settlement),
    ]
    found.sort(key=lambda offer: (offer.missing_fen, -offer.off_fen, offer.kind, offer.source_id))
    return tuple(found[:limit])


def _near_unit_steps(settlement: Settlement) -> Iterator[NearOffer]:
    top = settlement.top
    takers = top.takers(Lane.UNIT_PRICE)
    for rule in settlement.live.units:
        for item in priced_by(top, rule):
            taker = takers.get(item.index)
            step = rule.next_step(item)
            is_beaten = taker is not None and taker.priority < rule.priority
            if step is not None and step.missing_fen and not is_beaten:
                yield _offer(rule, step)


def _near_steps(settlement: Settlement) -> Iterator[NearOffer]:
    for lane in ACROSS_LINES:
        rules = settlement.live.groups.get(lane, [])
        if not rules:
            continue
        top = settlement.top.as_of(lane)
        takers = settlement.top.takers(lane)
        saved = _saved_in(settlement.top, lane)
        for rule in rules:
            better = {place for place, taker in takers.items() if taker.priority < rule.priority}
            offer = _near_step(top, rule, better, saved)
            if offer is not None:
                yield offer


def _saved_in(top: Worktop, lane: Lane) -> Counter[int]:
    saved: Counter[int] = Counter()
    for item in top.items:
        saved[item.index] += sum([s.amount_fen for s in item.steps if s.lane is lane])
    return saved


def _near_step(
    top: Worktop, rule: GroupRule, better: set[int], saved: Counter[int]
) -> NearOffer | None:
    items = tuple(item for item in top.open_to(rule) if item.index not in better)
    step = rule.next_step(items) if items else None
    if step is None or not step.missing_fen:
        return None
    if step.off_fen <= sum(saved[item.index] for item in items):
        return None
    return _offer(rule, step)


def _near_gifts(settlement: Settlement) -> Iterator[NearOffer]:
    top, given = settlement.top, settlement.quote.gifts
    for rule in settlement.live.gifts:
        earning = earning_for(top, rule, frozenset())
        step = rule.next_step(earning.goods_fen, earning.pieces) if earning.items else None
        if step is None or not step.off_fen:
            continue
        keys = set(earning.keys())
        had_fen = sum(gift.value_fen * gift.quantity for gift in given if keys & {*gift.line_keys})
        if step.off_fen > had_fen:
            yield _offer(rule, step)


def _offer(rule: Rule, step: NextStep) -> NearOffer:
    reached = {"threshold_fen": step.threshold_fen, "off_fen": step.off_fen}
    facts = {**rule.face(), **reached, **step.facts}
    return NearOffer(
        rule.lane,
        rule.kind,
        rule.rule_id,
        rule.kind,
        rule.label_params(facts),
        step.missing_fen,
        step.off_fen,
        step.missing_pieces,
    )


def _near_free_freight(settlement: Settlement) -> Iterator[NearOffer]:
    top = settlement.top.as_of(Lane.FREIGHT)
    packed = _parcels_or_default(settlement)
    left_fen = charge_freight(top, packed, settlement.live.freight).freight_fen
    if not left_fen:
        return
    for rule in settlement.live.freight:
        missing_fen = rule.threshold_fen - goods_of(top.open_to(rule))
        if missing_fen > 0 and top.touching(rule.scope):
            params = rule.label_params(rule.face())
            yield NearOffer(
                Lane.FREIGHT, rule.kind, rule.rule_id, rule.kind, params, missing_fen, left_fen
            )
    for parcel in packed:
        offer = _near_template(top, parcel, left_fen)
        if offer is not None:
            yield offer


def _parcels_or_default(settlement: Settlement) -> tuple[Parcel, ...]:
    """The parcels; without an address those of the default rates, so that a cart can say it too."""
    if settlement.packed is not None:
        return settlement.packed
    try:
        return parcels(settlement.top, settlement.rules.templates, "")
    except Undeliverable:
        return ()


def _near_template(top: Worktop, parcel: Parcel, left_fen: int) -> NearOffer | None:
    missing_fen = parcel.missing_fen(top)
    if not missing_fen:
        return None
    off_fen = min(parcel.fee_fen, left_fen)
    return NearOffer(
        Lane.FREIGHT,
        TEMPLATE_FREE,
        parcel.template.template_id,
        TEMPLATE_FREE,
        parcel.label_params(),
        missing_fen,
        off_fen,
    )
