"""Lane coupon: use the coupons the shopper chose, or refuse with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from promotions.engine.basket import Occasion
from promotions.engine.judging import lack_of
from promotions.engine.lanes import Lane
from promotions.engine.quote import FreightQuote, FreightReason
from promotions.engine.refusals import CouponRefused
from promotions.engine.rules.base import Lack, Reason
from promotions.engine.rules.coupon import CouponRule
from promotions.engine.rules.coupon_freight import CouponFreight
from promotions.engine.walking import walk
from promotions.engine.worktop import Worktop


def use_coupons(top: Worktop, coupons: Sequence[CouponRule], occasion: Occasion) -> None:
    """Apply the chosen goods coupons: each one wholly usable, or none is.

    Raises: CouponRefused (its own reason, two of one exclusive group, or no goods left for it).
    """
    _refuse_exclusive(coupons)
    goods_coupons = [coupon for coupon in _in_order(coupons) if coupon.lane is Lane.COUPON]
    for coupon in goods_coupons:
        _refuse(coupon, lack_of(coupon, occasion, top))
    walk(top, Lane.COUPON, goods_coupons)
    used = {applied.rule.rule_id for applied in top.applied if applied.rule.lane is Lane.COUPON}
    for coupon in goods_coupons:
        if coupon.grant_id not in used:
            _refuse(coupon, Lack(Reason.BETTER_RULE_CHOSEN))


def freight_coupons(coupons: Iterable[CouponRule]) -> list[CouponFreight]:
    """The chosen coupons that work on freight, by grant."""
    return [coupon for coupon in _in_order(coupons) if isinstance(coupon, CouponFreight)]


def check_freight_coupons(
    top: Worktop, coupons: Sequence[CouponFreight], occasion: Occasion, freight: FreightQuote
) -> None:
    """No freight coupon is spent for nothing. Raises: CouponRefused."""
    used = {step.source_id for step in freight.steps if step.kind == CouponFreight.kind}
    for coupon in coupons:
        _refuse(coupon, lack_of(coupon, occasion, top))
        if coupon.grant_id not in used and freight.reason is not FreightReason.REGION_NEEDED:
            _refuse(coupon, Lack(Reason.NOTHING_TO_REDUCE))


def _in_order(coupons: Iterable[CouponRule]) -> list[CouponRule]:
    return sorted(coupons, key=lambda coupon: coupon.grant_id)


def _refuse_exclusive(coupons: Sequence[CouponRule]) -> None:
    groups: set[str] = set()
    for coupon in _in_order(coupons):
        if coupon.group in groups:
            _refuse(coupon, Lack(Reason.EXCLUSIVE_GROUP))
        groups.add(coupon.group)


def _refuse(coupon: CouponRule, lack: Lack | None) -> None:
    if lack is not None:
        raise CouponRefused(
            grant_id=coupon.grant_id, reason_code=lack.reason.value, facts=lack.facts
        )
