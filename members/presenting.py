"""The shapes of api.md for members, for API and pages. No query; words in the active tongue."""

from typing import Any

from mall.kernel import regions
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from mall.kernel.words import localized
from members.models import (
    Address,
    GrowthEntry,
    Member,
    PointsEntry,
    SignIn,
    Tier,
    Wallet,
    WalletEntry,
    Withdrawal,
)
from members.selectors import Week, tier_above


def member_dict(member: Member, *, unread: int, coupons_count: int) -> dict[str, Any]:
    """``member`` of api.md; the counts belong to other tables and are handed in."""
    return {
        "id": member.pk,
        "nickname": member.nickname,
        "phone_masked": member.account.phone_masked,
        "avatar": member.avatar or None,
        "tier": {
            "code": member.tier.code,
            "name": localized(member.tier, "title"),
            "rate_bp": member.tier.rate_bp,
        },
        "growth_fen": member.growth_fen,
        "points": member.points_account.balance,
        "unread": unread,
        "coupons_count": coupons_count,
    }


def address_dict(address: Address) -> dict[str, Any]:
    """``address`` of api.md with its region's names; the owner sees the whole phone number."""
    return {
        "id": address.pk,
        "name": address.name,
        "phone": address.phone,
        "region_code": address.region_code,
        "region_names": regions.full_name(address.region_code),
        "detail": address.detail,
        "is_default": address.is_default,
        "tag": address.tag or None,
    }


def tier_dict(tier: Tier) -> dict[str, Any]:
    """One step of the ladder with its perks as [{icon, label}]."""
    return {
        "code": tier.code,
        "name": localized(tier, "title"),
        "threshold_fen": tier.threshold_fen,
        "rate_bp": tier.rate_bp,
        "points_rate_bp": tier.points_rate_bp,
        "free_freight_fen": tier.free_freight_fen,
        "perks": [{"icon": perk.get("icon", "gift"), "label": _words(perk)} for perk in tier.perks],
    }


def standing_dict(member: Member, ladder: list[Tier]) -> dict[str, Any]:
    """Where a member stands on the ladder and what the next tier still needs."""
    above = tier_above(member.growth_fen, ladder)
    upward = above and {
        **tier_dict(above),
        "missing_fen": above.threshold_fen - member.growth_fen,
    }
    return {**tier_dict(member.tier), "growth_fen": member.growth_fen, "next": upward}


def points_entry_dict(entry: PointsEntry) -> dict[str, Any]:
    """One line of the points ledger."""
    return {
        "id": entry.pk,
        "at": entry.at,
        "delta": entry.delta,
        "balance": entry.balance,
        "reason_code": entry.kind,
        "label": str(entry.get_kind_display()),
        "expires_at": entry.expires_at,
        "order_number": entry.order_number,
    }


def wallet_dict(wallet: Wallet) -> dict[str, Any]:
    """{balance_fen, frozen_fen}: all of it, and the part that waits to be withdrawn."""
    return {"balance_fen": wallet.balance_fen, "frozen_fen": wallet.frozen_fen}


def wallet_entry_dict(entry: WalletEntry) -> dict[str, Any]:
    """One line of the wallet ledger."""
    return {
        "id": entry.pk,
        "at": entry.at,
        "delta_fen": entry.delta_fen,
        "balance_fen": entry.balance_fen,
        "reason_code": entry.kind,
        "label": str(entry.get_kind_display()),
    }


def withdrawal_dict(row: Withdrawal) -> dict[str, Any]:
    """One request to be paid out and where it stands."""
    return {
        "number": row.number,
        "amount_fen": row.amount_fen,
        "state": row.state,
        "state_label": str(row.get_state_display()),
        "requested_at": row.requested_at,
        "ended_at": row.ended_at,
        "reason": row.reason or None,
    }


def nickname_masked(nickname: str) -> str:
    """A nickname as strangers see it: its first letter."""
    return f"{nickname[:1]}**"


def growth_entry_dict(entry: GrowthEntry) -> dict[str, Any]:
    """One line of the growth ledger."""
    return {
        "id": entry.pk,
        "at": entry.at,
        "delta_fen": entry.delta_fen,
        "balance_fen": entry.balance_fen,
        "reason_code": entry.kind,
        "label": str(entry.get_kind_display()),
        "order_number": entry.order_number,
    }


def message_dict(message: Message) -> dict[str, Any]:
    """One inbox message in the reader's words; the roof makes a link of ``route``."""
    title, body = render(message.template, message.params)
    return {
        "id": message.pk,
        "at": message.at,
        "template": message.template,
        "title": title,
        "body": body,
        "route": message.route or None,
        "route_args": message.route_args,
        "is_read": message.read_at is not None,
    }


def sign_in_dict(sign_in: SignIn, *, current_id: Any) -> dict[str, Any]:
    """One device in the list of sessions."""
    return {
        "id": str(sign_in.pk),
        "door": sign_in.door,
        "device": sign_in.device,
        "client_ip": sign_in.client_ip,
        "began_at": sign_in.began_at,
        "seen_at": sign_in.seen_at,
        "is_current": sign_in.pk == current_id,
    }


def week_dict(week: Week) -> dict[str, Any]:
    """The check-in panel: streak, today's points, seven days."""
    return {
        "streak": week.streak,
        "points": week.points,
        "done": week.done,
        "days": [
            {"day": day, "label": f"{day.month}/{day.day}", "points": points, "state": state}
            for day, points, state in week.days
        ],
    }


def _words(perk: dict[str, str]) -> str:
    return localized({"text_zh": perk.get("zh", ""), "text_en": perk.get("en", "")}, "text")
