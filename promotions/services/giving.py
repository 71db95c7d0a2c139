"""What claiming and issuing share: a copy of a coupon, and the count of pieces given out (INV-17).

Lock order of both: grants first, the coupon's hot row last.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max

from mall.kernel import clock
from promotions.errors import (
    CouponBudgetSpent,
    CouponLimitReached,
    CouponNotClaimable,
    CouponSoldOut,
    TierNotMet,
)
from promotions.models import Coupon, CouponGrant

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Source:
    """Why a copy was given: ``kind`` and ``id`` of the cause, and the channel it came by."""

    kind: str
    id: str = ""
    channel: str = ""


def new_code() -> str:
    """A code of 16 letters and digits: 80 bits, no two of which look alike."""
    return "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))


def new_grant(
    coupon: Coupon, member_id: int, seq: int, *, source: Source, at: datetime
) -> CouponGrant:
    """A member's copy number ``seq``, not saved."""
    return CouponGrant(
        coupon=coupon,
        member_id=member_id,
        seq=seq,
        allowed=coupon.per_member,
        code=new_code(),
        starts_at=max(at, coupon.starts_at),
        ends_at=valid_until(coupon, at),
        source_type=source.kind,
        source_id=source.id,
        channel=source.channel,
        granted_at=at,
    )


def give_one(coupon: Coupon, member_id: int, *, source: Source, at: datetime) -> CouponGrant:
    """Save the member's next copy; ``count_pieces`` comes last. Queries: 3.

    Locks: the new grant. Raises: CouponLimitReached, also for a second copy of the same cause.
    """
    grant = None
    while grant is None:
        seq = next_number(coupon, member_id, source)
        grant = _save(new_grant(coupon, member_id, seq, source=source, at=at))
    return grant


def next_number(coupon: Coupon, member_id: int, source: Source) -> int:
    """The number of the member's next copy. Queries: 1. Raises: CouponLimitReached."""
    held = CouponGrant.objects.filter(coupon=coupon, member_id=member_id)
    if source.id and held.filter(source_type=source.kind, source_id=source.id).exists():
        raise CouponLimitReached(allowed=1)
    number = (held.aggregate(last=Max("seq"))["last"] or 0) + 1
    if number > coupon.per_member:
        raise CouponLimitReached(allowed=coupon.per_member)
    return number


def _save(grant: CouponGrant) -> CouponGrant | None:
    """None when a parallel claim of the same member took the number: waits for it, then yields."""
    CouponGrant.objects.bulk_create([grant], ignore_conflicts=True)
    return CouponGrant.objects.select_related("coupon").filter(code=grant.code).first()


def check_open(coupon: Coupon, at: datetime, tier_code: str | None = None) -> None:
    """It is given out at ``at`` to this tier, and something is left of it.

    Raises: CouponNotClaimable, CouponSoldOut, CouponBudgetSpent, TierNotMet.
    """
    if coupon.status != Coupon.Status.LIVE or not coupon.starts_at <= at < coupon.ends_at:
        raise CouponNotClaimable
    if coupon.tier_codes and tier_code not in coupon.tier_codes:
        raise TierNotMet
    if coupon.issued >= coupon.total:
        raise CouponSoldOut
    if coupon.budget_is_spent:
        raise CouponBudgetSpent


def valid_until(coupon: Coupon, at: datetime) -> datetime:
    """The end of a copy given at ``at``: so many minutes later, the end of the n-th business day
    after it, or the coupon's own."""
    if coupon.valid_minutes is not None:
        return at + timedelta(minutes=coupon.valid_minutes)
    if coupon.valid_days is None:
        return coupon.ends_at
    return clock.bounds(clock.day_of(at) + timedelta(days=coupon.valid_days))[1]


def count_pieces(coupon: Coupon, pieces: int) -> None:
    """Count ``pieces`` as given out. Locks: the coupon. Queries: 1. Raises: CouponSoldOut."""
    left = Coupon.objects.with_left(pieces).filter(pk=coupon.pk)
    if not left.update(issued=F("issued") + pieces):
        raise CouponSoldOut
