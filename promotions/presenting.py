"""Dicts of api.md out of rows: one language, no query. API and pages share them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mall.kernel.words import localized
from promotions.models import Campaign, Coupon, CouponGrant
from promotions.selectors import offer_state
from promotions.words import badge, offer_label, scope_text


def coupon_dict(coupon: Coupon) -> dict[str, Any]:
    """{id, kind, label, threshold_fen, off_fen, rate_bp, cap_fen, scope}: what is printed on it.

    Numbers that the kind has no use for are None.
    """
    kind = coupon.kind
    return {
        "id": coupon.pk,
        "kind": kind,
        "label": localized(coupon, "title"),
        "threshold_fen": coupon.threshold_fen,
        "off_fen": coupon.off_fen if kind == Coupon.Kind.AMOUNT else None,
        "rate_bp": coupon.rate_bp if kind == Coupon.Kind.RATE else None,
        "cap_fen": None if kind == Coupon.Kind.AMOUNT else coupon.cap_fen,
        "scope": scope_text(coupon),
    }


def coupon_offer_dict(coupon: Any) -> dict[str, Any]:
    """A row of ``claimable_coupons``: the coupon, when it is given out, and open, taken or gone."""
    return {
        **coupon_dict(coupon),
        "starts_at": _instant(coupon.starts_at),
        "ends_at": _instant(coupon.ends_at),
        "state": offer_state(coupon),
    }


def grant_dict(grant: CouponGrant, at: datetime | None = None) -> dict[str, Any]:
    """The grant of api.md with its coupon; with ``at`` an unused copy that is over is expired."""
    return {
        "id": grant.pk,
        "coupon": coupon_dict(grant.coupon),
        "code": grant.code,
        "starts_at": _instant(grant.starts_at),
        "ends_at": _instant(grant.ends_at),
        "state": grant_state(grant, at),
    }


def grant_state(grant: CouponGrant, at: datetime | None) -> str:
    """usable, locked, used, or expired."""
    if grant.state == CouponGrant.State.USABLE and at is not None and grant.ends_at <= at:
        return "expired"
    return str(grant.state)


def offer_dict(campaign: Campaign) -> dict[str, Any]:
    """{kind, id, label, starts_at, ends_at} of a campaign on a product page."""
    return {
        "kind": campaign.kind,
        "id": campaign.pk,
        "label": offer_label(campaign.kind, campaign.rule),
        "starts_at": _instant(campaign.starts_at),
        "ends_at": _instant(campaign.ends_at),
    }


def shelf_badge(kind: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """{kind, label_zh, label_en} of a live rule, for the shelf, which keeps both languages."""
    return badge(kind, rule)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
