"""A member takes a coupon from the coupon centre. Source: INV-17, ATK-31."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from promotions.errors import CouponLimitReached, CouponNotClaimable, CouponSoldOut
from promotions.events import CouponClaimed
from promotions.models import Coupon, CouponGrant
from promotions.services.giving import count_pieces, new_grant


@transaction.atomic
def claim_coupon(*, coupon_id: int, member_id: int, at: datetime) -> CouponGrant:
    """Give the member one copy of a coupon of the coupon centre.

    Locks: the new grant, then the coupon. Queries: 6. Raises: NotFound, CouponNotClaimable,
    CouponLimitReached, CouponSoldOut. Emits: one CouponClaimed.
    """
    coupon = _claimable(coupon_id, at)
    grant = None
    while grant is None:
        seq = next_number(coupon, member_id)
        grant = _save(new_grant(coupon, member_id, seq, source=("claim", ""), at=at))
    count_pieces(coupon, 1)
    publish(CouponClaimed(coupon_id=coupon.pk, grant_id=grant.pk, member_id=member_id, at=at))
    return grant


def next_number(coupon: Coupon, member_id: int) -> int:
    """The number of the member's next copy. Queries: 1. Raises: CouponLimitReached."""
    held = CouponGrant.objects.filter(coupon=coupon, member_id=member_id)
    number = (held.aggregate(last=Max("seq"))["last"] or 0) + 1
    if number > coupon.per_member:
        raise CouponLimitReached(allowed=coupon.per_member)
    return number


def _claimable(coupon_id: int, at: datetime) -> Coupon:
    coupon = Coupon.objects.filter(pk=coupon_id).exclude(status=Coupon.Status.DRAFT).first()
    if coupon is None or not coupon.is_claimable:
        raise NotFound
    if coupon.status != Coupon.Status.LIVE or not coupon.starts_at <= at < coupon.ends_at:
        raise CouponNotClaimable
    if coupon.issued >= coupon.total:
        raise CouponSoldOut
    return coupon


def _save(grant: CouponGrant) -> CouponGrant | None:
    """None when a parallel claim of the same member took the number: waits for it, then yields."""
    CouponGrant.objects.bulk_create([grant], ignore_conflicts=True)
    return CouponGrant.objects.select_related("coupon").filter(code=grant.code).first()
