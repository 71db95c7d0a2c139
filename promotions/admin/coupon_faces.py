"""A coupon in a few words: what is printed on it, what it may cost."""

from django.utils.translation import gettext as _

from mall.kernel.words import rate_text, short_yuan
from promotions.models import Coupon


def face_of(coupon: Coupon) -> str:
    """What is printed on it: ¥10 off ¥99, 15% off, free freight, a piece for ¥0."""
    worth = _worth(coupon)
    if coupon.cap_fen:
        worth = f"{worth} ≤ ¥{short_yuan(coupon.cap_fen)}"
    return f"{worth} / ¥{short_yuan(coupon.threshold_fen)}+" if coupon.threshold_fen else worth


def _worth(coupon: Coupon) -> str:
    match coupon.kind:
        case Coupon.Kind.AMOUNT:
            return f"−¥{short_yuan(coupon.off_fen)}"
        case Coupon.Kind.RATE:
            return rate_text(coupon.rate_bp)
        case Coupon.Kind.EXCHANGE:
            return _("a piece for ¥%(price)s") % {"price": short_yuan(coupon.exchange_price_fen)}
    return str(coupon.get_kind_display())


def worst_case(coupon: Coupon) -> str:
    """What all pieces together may cost the shop; - where nothing bounds it."""
    each_fen = coupon.off_fen if coupon.kind == Coupon.Kind.AMOUNT else coupon.cap_fen
    all_fen = each_fen * coupon.total if each_fen else None
    bounds = [fen for fen in (all_fen, coupon.budget_fen) if fen is not None]
    return f"¥{short_yuan(min(bounds))}" if bounds else "-"


def budget_of(coupon: Coupon) -> str:
    """Spent of the budget; - without one."""
    if coupon.budget_fen is None:
        return "-"
    return f"¥{short_yuan(coupon.spent_fen)} / ¥{short_yuan(coupon.budget_fen)}"
