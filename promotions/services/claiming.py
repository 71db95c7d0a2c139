"""A member takes a coupon from the coupon centre.

Source: requirements P-02, P-12, P-13, P-65; INV-17, ATK-31.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mall.kernel.errors import NotFound
from mall.kernel.outbox import publish
from members.models import Member
from promotions.errors import LiveSessionNotOn, PositionNeeded, TooFarAway
from promotions.events import CouponClaimed
from promotions.metrics import Position, metres_between
from promotions.models import Coupon, CouponGrant, Deed
from promotions.services.giving import Source, check_open, count_pieces, give_one
from promotions.services.guarding import Attempt, Footprint, guard_deed

CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a door knows of who claims: where the request came from, and where they say they are."""

    footprint: Footprint | None = None
    position: Position | None = None


NO_VISIT = Visit()


@transaction.atomic
def claim_coupon(
    *, coupon_id: int, member_id: int, at: datetime, visit: Visit = NO_VISIT
) -> CouponGrant:
    """Give the member one copy of a coupon of the coupon centre.

    Locks: origins (see guarding), the new grant, then the coupon. Queries: 6, and those of
    ``guard_deed`` for a visit. Raises: NotFound, CouponNotClaimable, CouponLimitReached,
    CouponSoldOut, CouponBudgetSpent, TierNotMet, LiveSessionNotOn, PositionNeeded, TooFarAway,
    DeedRefused. Emits: one CouponClaimed.
    """
    coupon = _claimable(coupon_id, member_id, at)
    _check_near(coupon, visit.position)
    if visit.footprint is not None:
        is_first = coupon.is_first_order
        guard_deed(
            claim_attempt(coupon.pk, member_id, visit.footprint, at, is_first_order=is_first)
        )
    channel = f"live:{coupon.live_session_id}" if coupon.live_session_id else ""
    grant = give_one(coupon, member_id, source=Source(CLAIM, "", channel), at=at)
    count_pieces(coupon, 1)
    publish(CouponClaimed(coupon_id=coupon.pk, grant_id=grant.pk, member_id=member_id, at=at))
    return grant


def claim_attempt(
    coupon_id: int,
    member_id: int,
    footprint: Footprint,
    at: datetime,
    *,
    is_first_order: bool = False,
) -> Attempt:
    """A claim, as the limits of deeds see it."""
    return Attempt(
        deed=Deed.CLAIM,
        subject=f"coupon:{coupon_id}",
        member_id=member_id,
        at=at,
        footprint=footprint,
        is_first_order=is_first_order,
    )


def _claimable(coupon_id: int, member_id: int, at: datetime) -> Coupon:
    rows = Coupon.objects.select_related("live_session").exclude(status=Coupon.Status.DRAFT)
    coupon = rows.filter(pk=coupon_id).first()
    if coupon is None or not coupon.is_claimable:
        raise NotFound
    check_open(coupon, at, _tier_of(coupon, member_id))
    if coupon.live_session is not None and not coupon.live_session.is_on(at):
        raise LiveSessionNotOn
    return coupon


def _tier_of(coupon: Coupon, member_id: int) -> str | None:
    """The member's tier, looked up only when the coupon asks for it."""
    if not coupon.tier_codes:
        return None
    return Member.objects.values_list("tier__code", flat=True).filter(pk=member_id).first()


def _check_near(coupon: Coupon, position: Position | None) -> None:
    if coupon.near_metres is None or coupon.near_latitude is None or coupon.near_longitude is None:
        return
    if position is None:
        raise PositionNeeded
    metres = metres_between(Position(coupon.near_latitude, coupon.near_longitude), position)
    if metres > coupon.near_metres:
        raise TooFarAway(metres=metres, within=coupon.near_metres)
