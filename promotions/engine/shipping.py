"""Lane freight: each template charges its own lines of each shop; free amounts look at goods
before points. Source: O-09, X-57.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promotions.engine.freight import FreightRate, FreightTemplate
from promotions.engine.items import Item, goods_of
from promotions.engine.lanes import Lane
from promotions.engine.quote import (
    FreightQuote,
    FreightReason,
    LabelParams,
    PriceStep,
    TemplateFee,
)
from promotions.engine.refusals import Undeliverable
from promotions.engine.rules.coupon_freight import CouponFreight
from promotions.engine.rules.free_freight import FreeFreight
from promotions.engine.worktop import Worktop

FreightRule = FreeFreight | CouponFreight
TEMPLATE_FREE = "template_free_freight"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The items of one shop that one template ships, the rate for the address, and the fee."""

    template: FreightTemplate
    rate: FreightRate
    places: tuple[int, ...]
    units: int
    fee_fen: int
    shop_id: int

    def label_params(self) -> LabelParams:
        """What the words of the template's own free amount need."""
        own = self.template
        threshold_fen = self.rate.free_from_fen or 0
        return {
            "title_zh": own.title_zh,
            "title_en": own.title_en,
            "threshold_fen": threshold_fen,
            "shop_id": self.shop_id,
        }

    def missing_fen(self, top: Worktop) -> int | None:
        """Goods missing in the parcel until its template charges nothing (None: it always does)."""
        if self.rate.free_from_fen is None or not self.fee_fen:
            return None
        goods_fen = sum([top.items[place].left_fen for place in self.places])
        return max(0, self.rate.free_from_fen - goods_fen)

    def fee(self) -> TemplateFee:
        """The fee as the quote shows it."""
        own = self.template
        return TemplateFee(
            template_id=own.template_id,
            version=own.version,
            title_zh=own.title_zh,
            title_en=own.title_en,
            units=self.units,
            fee_fen=self.fee_fen,
            shop_id=self.shop_id,
        )


def parcels(
    top: Worktop, templates: Mapping[int, FreightTemplate], region_code: str
) -> tuple[Parcel, ...]:
    """Sort the items into parcels, one a shop and template, in that order.

    An empty ``region_code`` asks for the templates' default rates. Raises: Undeliverable.
    """
    sent: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in top.items:
        if item.line.template_id is not None:
            sent[item.line.shop_id, item.line.template_id].append(item)
    packed: list[Parcel] = []
    stuck: list[Item] = []
    for (shop_id, template_id), items in sorted(sent.items()):
        template = templates[template_id]
        rate = template.rate_for(region_code)
        if rate is None:
            stuck.extend(items)
        else:
            packed.append(_parcel(template, rate, items, shop_id))
    if stuck:
        keys = tuple(sorted(part.key for item in stuck for part in item.parts))
        raise Undeliverable(line_keys=keys, region_code=region_code)
    return tuple(packed)


def _parcel(
    template: FreightTemplate, rate: FreightRate, items: list[Item], shop_id: int
) -> Parcel:
    if template.by_pieces:
        units = sum(item.quantity for item in items)
    else:
        weight_grams = sum(item.quantity * item.line.weight_grams for item in items)
        volume_cm3 = sum(item.quantity * item.line.volume_cm3 for item in items)
        units = template.grams(weight_grams, volume_cm3)
    places = tuple(item.index for item in items)
    return Parcel(template, rate, places, units, rate.fee_fen(units), shop_id)


def charge_freight(
    top: Worktop,
    packed: tuple[Parcel, ...] | None,
    rules: Sequence[FreeFreight],
    coupons: Sequence[CouponFreight] = (),
) -> FreightQuote:
    """What the parcels cost as the items stand now (None: no address yet).

    First the templates' own free amounts, then the best rule, then freight coupons on the rest.
    """
    if packed is None:
        return FreightQuote(0, FreightReason.REGION_NEEDED)
    if not packed:
        return FreightQuote(0, FreightReason.NOTHING_TO_SHIP)
    steps = [step for parcel in packed if (step := _own_free_step(top, parcel))]
    base_fen = sum(parcel.fee_fen for parcel in packed)
    left_fen = base_fen - sum(step.amount_fen for step in steps)
    groups: list[Sequence[FreightRule]] = [rules, *([coupon] for coupon in coupons)]
    for group in groups:
        step = _best_step(top, group, left_fen)
        if step:
            steps.append(step)
            left_fen -= step.amount_fen
    reason = FreightReason.CHARGED if left_fen else FreightReason.FREE
    return FreightQuote(base_fen, reason, tuple(p.fee() for p in packed), tuple(steps))


def _own_free_step(top: Worktop, parcel: Parcel) -> PriceStep | None:
    if parcel.missing_fen(top) != 0:
        return None
    own, kind = parcel.template, TEMPLATE_FREE
    return PriceStep(
        Lane.FREIGHT,
        kind,
        own.template_id,
        own.version,
        kind,
        parcel.label_params(),
        parcel.fee_fen,
    )


def _best_step(top: Worktop, rules: Sequence[FreightRule], left_fen: int) -> PriceStep | None:
    bids = []
    for rule in rules:
        off_fen = rule.freight_off(left_fen, goods_of(top.open_to(rule)))
        if off_fen:
            bids.append(((rule.priority, -off_fen, rule.rule_id, rule.kind), rule))
    if not bids:
        return None
    (_, minus_off_fen, _, _), rule = min(bids, key=lambda bid: bid[0])
    return rule.step(-minus_off_fen, rule.label_params(rule.face()))
