"""Coupons, campaigns, teams, games as dicts of api.md: one language, no query."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from mall.kernel.words import localized
from members.presenting import nickname_masked
from promotions import engine
from promotions.finding_words import finding_text, named_goods
from promotions.models import (
    BargainStart,
    Campaign,
    CampaignFinding,
    Coupon,
    CouponGrant,
    Draw,
    Lottery,
    Prize,
    RedPacketClaim,
    Team,
)
from promotions.rulebook import numbers_of
from promotions.selectors import MemberTag, PacketView, PrizeOdds, offer_state
from promotions.words import badge, goods_badge, member_price_label, offer_label, scope_text


def coupon_dict(coupon: Coupon) -> dict[str, Any]:
    """{id, kind, label, threshold_fen, off_fen, rate_bp, cap_fen, exchange_price_fen, scope,
    audience, first_order}: what is printed on it.

    Numbers that the kind has no use for are None; ``audience`` are codes of tiers, none: everybody.
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
        "exchange_price_fen": (coupon.exchange_price_fen if kind == Coupon.Kind.EXCHANGE else None),
        "scope": scope_text(coupon),
        "audience": list(coupon.tier_codes),
        "first_order": coupon.is_first_order,
    }


def coupon_offer_dict(coupon: Any, at: datetime) -> dict[str, Any]:
    """A row of ``claimable_coupons``: the coupon, when and where it is given out, and what the
    reader can do: open, taken, gone or later."""
    session = coupon.live_session
    return {
        **coupon_dict(coupon),
        "starts_at": _instant(coupon.starts_at),
        "ends_at": _instant(coupon.ends_at),
        "state": offer_state(coupon, at),
        "near_metres": coupon.near_metres,
        "live": session
        and {
            "id": session.pk,
            "label": localized(session, "title"),
            "starts_at": _instant(session.starts_at),
            "ends_at": _instant(session.ends_at),
        },
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
    """usable, locked, used, or expired; one that was not given back is over too."""
    if grant.state == CouponGrant.State.FORFEIT:
        return "expired"
    if grant.state == CouponGrant.State.USABLE and at is not None and grant.ends_at <= at:
        return "expired"
    return str(grant.state)


def offer_dict(campaign: Campaign, tag: MemberTag | None = None) -> dict[str, Any]:
    """{kind, id, label, starts_at, ends_at} of a campaign on a product page; a member price is
    called by its tiers and its amount."""
    return {
        "kind": campaign.kind,
        "id": campaign.pk,
        "label": offer_label(campaign.kind, campaign.rule) if tag is None else _tag_label(tag),
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


def team_dict(team: Team, at: datetime) -> dict[str, Any]:
    """A team as everybody reads it; its state is told by the clock."""
    return {
        "team_no": team.number,
        "campaign_id": team.item.campaign_id,
        "sku_id": team.item.sku_id,
        "price_fen": team.item.price_fen,
        "state": team.state_at(at),
        "size": team.size,
        "missing": team.missing,
        "is_full": team.seats_taken == team.size,
        "opener": short_name(team.opener.nickname),
        "opened_at": _instant(team.opened_at),
        "ends_at": _instant(team.ends_at),
        "server_time": _instant(at),
    }


def team_page_dict(team: Team, at: datetime, member_id: int | None) -> dict[str, Any]:
    """A team with its seats; ``is_mine`` says whether the reader has one of them."""
    seats = list(team.seats.all())
    return {
        **team_dict(team, at),
        "is_mine": any(seat.member_id == member_id for seat in seats),
        "members": [
            {
                "name": short_name(seat.member.nickname),
                "is_opener": seat.member_id == team.opener_id,
                "has_paid": seat.paid_at is not None,
            }
            for seat in seats
        ],
    }


def bargain_dict(start: BargainStart, at: datetime) -> dict[str, Any]:
    """A bargain as its owner's list reads it; its state is told by the clock."""
    return {
        "bargain_no": start.number,
        "campaign_id": start.item.campaign_id,
        "sku_id": start.item.sku_id,
        "state": start.state_at(at),
        "start_fen": start.start_fen,
        "floor_fen": start.floor_fen,
        "cut_fen": start.cut_fen,
        "price_fen": start.price_fen,
        "helps": start.helps,
        "most_helps": start.most_helps,
        "started_at": _instant(start.started_at),
        "ends_at": _instant(start.ends_at),
        "server_time": _instant(at),
    }


def bargain_page_dict(start: BargainStart, at: datetime, member_id: int | None) -> dict[str, Any]:
    """A bargain with its helps, and what the reader has to do with it."""
    cuts = list(start.cuts.all())
    return {
        **bargain_dict(start, at),
        "owner": short_name(start.member.nickname),
        "is_mine": start.member_id == member_id,
        "has_helped": any(cut.helper_id == member_id for cut in cuts),
        "cuts": [
            {
                "name": short_name(cut.helper.nickname),
                "cut_fen": cut.cut_fen,
                "at": _instant(cut.at),
            }
            for cut in cuts
        ],
    }


def short_name(nickname: str) -> str:
    """A name that its friends know and strangers do not: the first letter."""
    return f"{nickname[:1]}***"


def _tag_label(tag: MemberTag) -> str:
    tiers = ", ".join(localized(tier, "title") for tier in tag.tiers)
    return member_price_label(tiers, tag.price_fen)


def flag_badge(kind: str) -> dict[str, str]:
    """{kind, label_zh, label_en} of what goods are of themselves: ``new``, ``hot``."""
    return goods_badge(kind)


def shelf_badge(rule: engine.Rule) -> dict[str, str]:
    """{kind, label_zh, label_en} of a live rule, for the shelf, which keeps both languages."""
    return badge(rule.kind, numbers_of(rule))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def finding_dict(finding: CampaignFinding, *, with_costs: bool = False) -> dict[str, Any]:
    """A finding for operators: its sentence, and the goods it names each with what it lacks."""
    return {
        "finding": finding,
        "text": finding_text(finding, with_costs=with_costs),
        "goods": named_goods(finding, with_costs=with_costs),
    }
