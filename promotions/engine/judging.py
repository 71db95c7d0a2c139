"""Why a rule has nothing to give on a basket: one answer for coupons and explanations alike."""

from promotions.engine.basket import Occasion
from promotions.engine.rules.base import GroupRule, Lack, Reason
from promotions.engine.rules.coupon_freight import CouponFreight
from promotions.engine.worktop import Worktop


def lack_of(rule: GroupRule, occasion: Occasion, top: Worktop) -> Lack | None:
    """Why ``rule`` alone would not apply to the items as they stand, or None when it would.

    For a freight coupon only the occasion and the goods are judged, not whether freight is due.
    """
    refusal = rule.refusal(occasion)
    if refusal is not None:
        return Lack(refusal, rule.refusal_facts(occasion))
    if not top.touching(rule.scope):
        return Lack(Reason.OUT_OF_SCOPE)
    items = top.open_to(rule)
    if not items:
        return Lack(Reason.STACKING_EXCLUDED)
    if isinstance(rule, CouponFreight):
        lack = rule.lack(items)
        return lack if lack.reason is Reason.THRESHOLD_NOT_REACHED else None
    return rule.lack(items) if rule.cut(items) is None else None
