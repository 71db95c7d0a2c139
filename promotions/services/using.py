"""A coupon through an order: locked when placed, used when paid, freed when closed (INV-16)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from promotions.errors import CouponNotUsable
from promotions.models import CouponGrant

State = CouponGrant.State


@transaction.atomic
def lock_grants(
    *, grant_ids: Collection[int], member_id: int, order_number: str, at: datetime
) -> None:
    """Bind the member's coupons to an order: all of them, or none.

    Owner, state and validity are judged by the update itself, so of two orders one wins.
    Locks: the grants, pk order. Queries: 1 for one coupon, 2 for several. Raises: CouponNotUsable.
    """
    wanted = set(grant_ids)
    if not wanted:
        return
    grants = CouponGrant.objects.filter(pk__in=wanted)
    if len(wanted) > 1:
        list(grants.only("pk").locked())
    bound = grants.usable_by(member_id, at).update(state=State.LOCKED, order_number=order_number)
    if bound != len(wanted):
        raise CouponNotUsable(reason_code="taken")


@transaction.atomic
def use_grants(*, order_number: str, at: datetime) -> int:
    """The order is paid: its coupons are used. Once; returns how many. Queries: 1."""
    locked = CouponGrant.objects.filter(order_number=order_number, state=State.LOCKED)
    return locked.update(state=State.USED, used_at=at)


@transaction.atomic
def unlock_grants(*, order_number: str, at: datetime) -> int:
    """The order is closed or wholly refunded: its coupons go back, once. Queries: 1.

    One that ended meanwhile goes back too, and shows as over.
    """
    bound = CouponGrant.objects.filter(order_number=order_number).exclude(state=State.USABLE)
    return bound.update(state=State.USABLE, order_number="", used_at=None)
