"""What a coupon template must be like: no combination that gives goods away (F-57)."""

from django.utils.translation import gettext as _

from catalog.models import Sku
from mall.kernel import regions
from mall.kernel.errors import InvalidInput
from mall.kernel.money import FULL_RATE_BP
from members.models import Tier
from promotions.models import Coupon, LiveSession

Kind = Coupon.Kind


def check_coupon(coupon: Coupon) -> None:
    """Raises: InvalidInput, naming the first field that does not fit."""
    if coupon.kind not in Kind.values:
        raise InvalidInput(field="kind", allowed=", ".join(Kind.values))
    _check_worth(coupon)
    _check_pieces(coupon)
    _check_validity(coupon)
    _check_audience(coupon)
    _check_place(coupon)


def _check_worth(coupon: Coupon) -> None:
    if coupon.kind == Kind.AMOUNT:
        _check_amount(coupon)
    if coupon.kind == Kind.RATE and not 0 < coupon.rate_bp < FULL_RATE_BP:
        raise InvalidInput(field="rate_bp", allowed=_("a rate between 1 and 9999 basis points"))
    if coupon.cap_fen is not None and coupon.cap_fen < 1:
        raise InvalidInput(field="cap_fen", allowed=_("an amount above zero"))
    _check_exchange(coupon)


def _check_amount(coupon: Coupon) -> None:
    if coupon.off_fen < 1:
        raise InvalidInput(field="off_fen", allowed=_("an amount above zero"))
    if coupon.threshold_fen and coupon.off_fen >= coupon.threshold_fen:
        raise InvalidInput(field="off_fen", allowed=_("less off than its threshold"))


def _check_exchange(coupon: Coupon) -> None:
    if coupon.kind != Kind.EXCHANGE:
        coupon.exchange_sku_id, coupon.exchange_price_fen = None, 0
        return
    sku = Sku.objects.filter(pk=coupon.exchange_sku_id or 0).first()
    if sku is None:
        raise InvalidInput(field="exchange_sku", allowed=_("the SKU it is exchanged for"))
    if not 0 <= coupon.exchange_price_fen < sku.price_fen:
        raise InvalidInput(field="exchange_price_fen", allowed=_("less than the price of the SKU"))


def _check_pieces(coupon: Coupon) -> None:
    if coupon.total < max(coupon.issued, 1):
        raise InvalidInput(field="total", allowed=_("at least the pieces given out"))
    if coupon.per_member < 1:
        raise InvalidInput(field="per_member", allowed=_("at least one"))


def _check_validity(coupon: Coupon) -> None:
    if coupon.ends_at <= coupon.starts_at:
        raise InvalidInput(field="ends_at", allowed=_("an end after the beginning"))
    if coupon.valid_days is not None and coupon.valid_minutes is not None:
        raise InvalidInput(field="valid_minutes", allowed=_("days or minutes, not both"))
    if coupon.valid_minutes is not None and coupon.valid_minutes < 1:
        raise InvalidInput(field="valid_minutes", allowed=_("at least one"))


def _check_audience(coupon: Coupon) -> None:
    known = set(Tier.objects.filter(code__in=coupon.tier_codes).values_list("code", flat=True))
    if set(coupon.tier_codes) - known:
        raise InvalidInput(field="tier_codes", allowed=_("codes of tiers"))
    if any(regions.find(code) is None for code in coupon.region_prefixes):
        raise InvalidInput(field="region_prefixes", allowed=_("codes of provinces, cities, areas"))


def _check_place(coupon: Coupon) -> None:
    point = (coupon.near_latitude, coupon.near_longitude, coupon.near_metres)
    if any(part is not None for part in point) and not all(part is not None for part in point):
        raise InvalidInput(field="near_metres", allowed=_("latitude, longitude and distance"))
    if coupon.near_metres == 0:
        raise InvalidInput(field="near_metres", allowed=_("at least one"))
    if (
        coupon.live_session_id is not None
        and not LiveSession.objects.filter(pk=coupon.live_session_id).exists()
    ):
        raise InvalidInput(field="live_session", allowed=_("a live session"))
