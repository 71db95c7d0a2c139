"""A shopper's coupons against a basket: which can be used, why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from promotions.engine.couponing import freight_coupons
from promotions.engine.items import goods_of
from promotions.engine.judging import lack_of
from promotions.engine.lanes import Lane
from promotions.engine.quote import FreightReason
from promotions.engine.rules.base import Lack, Reason
from promotions.engine.rules.coupon import CouponRule
from promotions.engine.rules.coupon_freight import CouponFreight
from promotions.engine.settlement import Settlement
from promotions.engine.shipping import charge_freight
from promotions.engine.walking import walk
from promotions.engine.worktop import Worktop


@dataclass(frozen=True, slots=True)
class CouponVerdict:
    """One coupon on one basket: what it takes off by itself, or the reason it cannot be used."""

    coupon: CouponRule
    off_fen: int
    reason: Reason | None = None
    facts: Mapping[str, int] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Nothing stands against using the coupon, as the only one of its group."""
        return self.reason is None


def judge_coupons(
    settlement: Settlement, wallet: Iterable[CouponRule]
) -> tuple[CouponVerdict, ...]:
    """Judge each coupon of ``wallet`` by itself, whatever was chosen, in the wallet's order."""
    top = settlement.top.as_of(Lane.COUPON)
    return tuple([_judge(settlement, top, coupon) for coupon in wallet])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goods and freight cost with some coupons, before points; whether each one helped."""

    payable_fen: int
    uses_all: bool


def outcome_of(settlement: Settlement, coupons: tuple[CouponRule, ...]) -> Outcome:
    """Use these usable coupons, of different groups, instead of the chosen ones."""
    top = settlement.top.as_of(Lane.COUPON)
    on_goods = [coupon for coupon in coupons if coupon.lane is Lane.COUPON]
    walk(top, Lane.COUPON, on_goods)
    on_freight = freight_coupons(coupons)
    freight = charge_freight(top, settlement.packed, settlement.live.freight, on_freight)
    used = {step.source_id for step in freight.steps if step.kind == CouponFreight.kind}
    waits = freight.reason is FreightReason.REGION_NEEDED
    uses_all = len(top.applied) == len(on_goods) and all(
        lack_of(coupon, settlement.occasion, top) is None and (waits or coupon.grant_id in used)
        for coupon in on_freight
    )
    return Outcome(goods_of(top.items) + freight.freight_fen, uses_all)


def _judge(settlement: Settlement, top: Worktop, coupon: CouponRule) -> CouponVerdict:
    lack = lack_of(coupon, settlement.occasion, top)
    if lack is not None:
        return _unusable(coupon, lack)
    if isinstance(coupon, CouponFreight):
        return _judge_on_freight(settlement, top, coupon)
    cut = coupon.cut(top.open_to(coupon))
    assert cut is not None, "a coupon without a lack has a cut"
    return CouponVerdict(coupon, cut.off_fen)


def _judge_on_freight(settlement: Settlement, top: Worktop, coupon: CouponFreight) -> CouponVerdict:
    freight = charge_freight(top, settlement.packed, settlement.live.freight)
    off_fen = coupon.freight_off(freight.freight_fen, goods_of(top.open_to(coupon)))
    if settlement.packed is not None and not off_fen:
        return _unusable(coupon, Lack(Reason.NOTHING_TO_REDUCE))
    return CouponVerdict(coupon, off_fen)


def _unusable(coupon: CouponRule, lack: Lack) -> CouponVerdict:
    return CouponVerdict(coupon, 0, lack.reason, lack.facts)
