"""Dicts of api.md out of rows: one language, no query. API and pages share them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from mall.kernel.words import localized
from members.presenting import nickname_masked
from promotions.models import Campaign, Coupon, CouponGrant, Draw, Lottery, Prize, RedPacketClaim
from promotions.selectors import PacketView, PrizeOdds, offer_state
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


def packet_dict(view: PacketView, at: datetime) -> dict[str, Any]:
    """A red packet as its visitors see it; nicknames of others are masked."""
    packet = view.packet
    return {
        "code": packet.code,
        "title": localized(packet.fund, "title") if packet.fund else "",
        "opener": nickname_masked(packet.opener.nickname) if packet.opener else None,
        "total_fen": packet.total_fen,
        "shares": packet.shares,
        "left_shares": packet.left_shares,
        "ends_at": _instant(packet.ends_at),
        "state": view.state(at),
        "mine": claim_dict(view.mine) if view.mine else None,
        "claims": [
            {**claim_dict(claim), "nickname": nickname_masked(claim.member.nickname)}
            for claim in view.claims
        ],
    }


def claim_dict(claim: RedPacketClaim) -> dict[str, Any]:
    """One share of a red packet."""
    return {
        "position": claim.position,
        "amount_fen": claim.amount_fen,
        "at": _instant(claim.at),
    }


def lottery_dict(lottery: Lottery, odds: Iterable[PrizeOdds]) -> dict[str, Any]:
    """A lottery with the odds of each prize now, in millionths that add up to a million."""
    return {
        "id": lottery.pk,
        "title": localized(lottery, "title"),
        "starts_at": _instant(lottery.starts_at),
        "ends_at": _instant(lottery.ends_at),
        "cost_points": lottery.cost_points,
        "draws_a_day": lottery.draws_a_day,
        "version": lottery.version,
        "prizes": [
            {**prize_dict(row.prize), "odds_ppm": row.odds_ppm, "left": row.prize.left}
            for row in odds
        ],
    }


def prize_dict(prize: Prize) -> dict[str, Any]:
    """What can be drawn; numbers that the kind has no use for are None."""
    return {
        "id": prize.pk,
        "kind": prize.kind,
        "title": localized(prize, "title"),
        "points": prize.points or None,
        "amount_fen": prize.amount_fen or None,
    }


def draw_dict(draw: Draw) -> dict[str, Any]:
    """One draw and what came of it."""
    return {
        "number": draw.number,
        "at": _instant(draw.at),
        "chance_no": draw.chance_no,
        "cost_points": draw.cost_points,
        "prize": prize_dict(draw.prize),
    }


def shelf_badge(kind: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """{kind, label_zh, label_en} of a live rule, for the shelf, which keeps both languages."""
    return badge(kind, rule)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
