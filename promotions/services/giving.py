"""What claiming and issuing share: a copy of a coupon, and the count of pieces given out (INV-17).

Lock order of both: grants first, the coupon's hot row last.
"""

import secrets
from datetime import datetime, timedelta

from django.db.models import F

from mall.kernel import clock
from promotions.errors import CouponSoldOut
from promotions.models import Coupon, CouponGrant

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16


def new_grant(
    coupon: Coupon, member_id: int, seq: int, *, source: tuple[str, str], at: datetime
) -> CouponGrant:
    """A member's copy number ``seq``, not saved. ``source`` is (type, id) of its cause."""
    source_type, source_id = source
    return CouponGrant(
        coupon=coupon,
        member_id=member_id,
        seq=seq,
        allowed=coupon.per_member,
        code="".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)),
        starts_at=max(at, coupon.starts_at),
        ends_at=valid_until(coupon, at),
        source_type=source_type,
        source_id=source_id,
        granted_at=at,
    )


def valid_until(coupon: Coupon, at: datetime) -> datetime:
    """The end of a copy given at ``at``: of the n-th business day after it, or the coupon's own."""
    if coupon.valid_days is None:
        return coupon.ends_at
    return clock.bounds(clock.day_of(at) + timedelta(days=coupon.valid_days))[1]


def count_pieces(coupon: Coupon, pieces: int) -> None:
    """Count ``pieces`` as given out. Locks: the coupon. Queries: 1. Raises: CouponSoldOut."""
    left = Coupon.objects.with_left(pieces).filter(pk=coupon.pk)
    if not left.update(issued=F("issued") + pieces):
        raise CouponSoldOut
