"""Coupons as their members see them."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from promotions.models import Coupon, CouponGrant

State = CouponGrant.State
GrantState = Literal["usable", "used", "expired"]
OfferState = Literal["open", "taken", "gone"]


def grants(member_id: int, state: GrantState, at: datetime) -> QuerySet[CouponGrant]:
    """A member's copies, newest first, with their coupons. Queries: 1.

    ``usable`` has those that begin later too, ``used`` those an unpaid order holds.
    """
    own = CouponGrant.objects.filter(member_id=member_id).select_related("coupon")
    own = own.order_by("-granted_at", "-pk")
    if state == "usable":
        return own.filter(state=State.USABLE, ends_at__gt=at)
    if state == "expired":
        return own.filter(state=State.USABLE, ends_at__lte=at)
    return own.exclude(state=State.USABLE)


def usable_grants(member_id: int, at: datetime) -> QuerySet[CouponGrant]:
    """Copies that may be used now, those that end first in front. Queries: 1."""
    own = CouponGrant.objects.usable_by(member_id, at).select_related("coupon")
    return own.order_by("ends_at", "pk")


def usable_count(member_id: int, at: datetime) -> int:
    """How many copies may be used now. Queries: 1."""
    return CouponGrant.objects.usable_by(member_id, at).count()


def claimable_coupons(member_id: int | None, at: datetime) -> QuerySet[Any]:
    """The coupon centre: coupons given out now, with ``held``, the member's own copies of each.

    Ordered by end; a guest (None) holds none. Queries: 1.
    """
    coupons = Coupon.objects.open_at(at).filter(is_claimable=True).order_by("ends_at", "pk")
    if member_id is None:
        return coupons.annotate(held=Value(0))
    held = CouponGrant.objects.filter(coupon=OuterRef("pk"), member_id=member_id)
    copies = held.order_by().values("coupon").annotate(copies=Count("pk")).values("copies")
    return coupons.annotate(held=Coalesce(Subquery(copies), 0))


def offer_state(coupon: Any) -> OfferState:
    """What the reader can do with a row of ``claimable_coupons``; runs no query."""
    if coupon.held >= coupon.per_member:
        return "taken"
    return "gone" if coupon.issued >= coupon.total else "open"


def channels_of_batch(batch_id: int) -> list[tuple[str, int]]:
    """By which group links the codes of a batch were redeemed, the most first. Queries: 1."""
    of_coupon = CouponGrant.objects.filter(coupon__code_batches=batch_id)
    grants = of_coupon.filter(source_type="code", source_id__startswith=f"{batch_id}:")
    counted = grants.order_by().values_list("channel").annotate(copies=Count("pk"))
    return list(counted.order_by("-copies", "channel"))
