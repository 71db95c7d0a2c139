"""The price of a basket: through the seven lanes, each seeing what the last one left.

Source: design.md, section 5. Pure: the same basket, shopper, rules and instant give the same quote.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from promotions.engine.basket import Basket, Line, Occasion, Shopper
from promotions.engine.book import Rules, live_rules
from promotions.engine.budgets import overrun, without
from promotions.engine.couponing import (
    check_freight_coupons,
    freight_coupons,
    use_coupons,
)
from promotions.engine.giving import give_gifts
from promotions.engine.lanes import ACROSS_LINES, Lane
from promotions.engine.quote import Quote
from promotions.engine.quoting import write_quote
from promotions.engine.settlement import Settlement
from promotions.engine.shipping import charge_freight, parcels
from promotions.engine.spending import spend_points
from promotions.engine.walking import set_unit_prices, walk
from promotions.engine.worktop import Worktop


def price(basket: Basket, shopper: Shopper, rules: Rules, at: datetime) -> Quote:
    """Price ``basket`` for ``shopper`` at ``at`` (aware), fen by fen.

    Raises: CouponRefused, PointsOverCap, PointsNotInUnits, Undeliverable, OfferRefused.
    """
    return settle(basket, shopper, rules, at).quote


def settle(basket: Basket, shopper: Shopper, rules: Rules, at: datetime) -> Settlement:
    """`price`, keeping the working for `why_not`, `near_offers` and the coupon questions.

    Campaigns that this basket would take over their budgets are left out, and it is priced again.
    """
    settlement = _settle(basket, shopper, rules, at)
    while spent := overrun(settlement.quote, settlement.rules):
        settlement = _settle(basket, shopper, without(settlement.rules, spent), at)
    return settlement


def _settle(basket: Basket, shopper: Shopper, rules: Rules, at: datetime) -> Settlement:
    occasion = Occasion(shopper, basket.region_code, at)
    live = live_rules(rules, occasion)
    top = Worktop.lay_out(basket.lines)
    set_unit_prices(top, live.units)
    for lane in ACROSS_LINES:
        walk(top, lane, live.groups.get(lane, ()))
    use_coupons(top, basket.coupons, occasion)
    top.enter(Lane.FREIGHT)  # free freight looks at the goods before points
    region_code = basket.region_code
    packed = None if region_code is None else parcels(top, rules.templates, region_code)
    on_freight = freight_coupons(basket.coupons)
    freight = charge_freight(top, packed, live.freight, on_freight)
    check_freight_coupons(top, on_freight, occasion, freight)
    spending = spend_points(top, rules.points, shopper, basket.points)
    given = give_gifts(top, live.gifts, basket, rules.gift_stock)
    quote = write_quote(
        basket=basket, top=top, freight=freight, spending=spending, given=given, rules=rules, at=at
    )
    return Settlement(basket, rules, occasion, live, top, packed, quote)


def piece_prices(
    lines: Iterable[Line], shopper: Shopper, rules: Rules, at: datetime
) -> dict[str, int]:
    """The price of one piece after lane 1 in fen, by line key: for cards, shelves and badges.

    Raises: OfferRefused.
    """
    top = Worktop.lay_out(lines)
    set_unit_prices(top, live_rules(rules, Occasion(shopper, None, at)).units)
    return {part.key: item.unit_fen for item in top.items for part in item.parts}
