"""One past basket through the engine again, letting go of what no longer holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from promotions import engine


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the basket costs, and how many of its coupons could not be used this time."""

    quote: engine.Quote
    lost_coupons: int = 0


def replay(
    basket: engine.Basket, shopper: engine.Shopper, rules: engine.Rules, at: datetime
) -> Replayed | None:
    """Price a basket of the past; None when the activity it was bought in gives it no price.

    A coupon that the engine refuses now is left out, points are cut to what may be spent, and
    freight stays open where the region is not served any more.
    """
    lost = 0
    while True:
        try:
            return Replayed(engine.price(basket, shopper, rules, at), lost)
        except engine.CouponRefused as refusal:
            basket, lost = _without(basket, refusal.grant_id), lost + 1
        except engine.PointsOverCap as refusal:
            basket = replace(basket, points=min(refusal.max_points, basket.points - 1))
        except engine.PointsNotInUnits as refusal:
            basket = replace(basket, points=basket.points - basket.points % refusal.unit)
        except engine.Undeliverable:
            basket = replace(basket, region_code=None)
        except engine.OfferRefused:
            return None


def _without(basket: engine.Basket, grant_id: int) -> engine.Basket:
    kept = tuple(coupon for coupon in basket.coupons if coupon.grant_id != grant_id)
    return replace(basket, coupons=kept)
