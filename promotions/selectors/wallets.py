"""Coupons as their members see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mall.kernel.errors import NotFound
from promotions.models import Coupon, CouponGrant, ShareLink, ShareRule

State = CouponGrant.State
GrantState = Literal["usable", "used", "expired"]
OfferState = Literal["open", "taken", "gone", "later"]


def grants(member_id: int, state: GrantState, at: datetime) -> QuerySet[CouponGrant]:
    """A member's copies, newest first, with their coupons. Queries: 1.

    ``usable`` has those that begin later too, ``used`` those an unpaid order holds, ``expired``
    those that a closed order did not give back.
    """
    own = CouponGrant.objects.filter(member_id=member_id).select_related("coupon")
    own = own.order_by("-granted_at", "-pk")
    if state == "usable":
        return own.filter(state=State.USABLE, ends_at__gt=at)
    if state == "expired":
        over = Q(state=State.USABLE, ends_at__lte=at)
        return own.filter(over | Q(state=State.FORFEIT))
    return own.filter(state__in=(State.LOCKED, State.USED))


def usable_grants(member_id: int, at: datetime) -> QuerySet[CouponGrant]:
    """Copies that may be used now, those that end first in front. Queries: 1."""
    own = CouponGrant.objects.usable_by(member_id, at).select_related("coupon")
    return own.order_by("ends_at", "pk")


def usable_count(member_id: int, at: datetime) -> int:
    """How many copies may be used now. Queries: 1."""
    return CouponGrant.objects.usable_by(member_id, at).count()


def claimable_coupons(member_id: int | None, at: datetime) -> QuerySet[Any]:
    """The coupon centre: coupons given out now, with ``held``, the member's own copies of each.

    Those of live sessions to come are among them, those of past ones not. Ordered by end; a guest
    (None) holds none. Queries: 1.
    """
    coupons = Coupon.objects.open_at(at).filter(is_claimable=True).select_related("live_session")
    coupons = coupons.exclude(live_session__ends_at__lte=at).order_by("ends_at", "pk")
    if member_id is None:
        return coupons.annotate(held=Value(0))
    held = CouponGrant.objects.filter(coupon=OuterRef("pk"), member_id=member_id)
    copies = held.order_by().values("coupon").annotate(copies=Count("pk")).values("copies")
    return coupons.annotate(held=Coalesce(Subquery(copies), 0))


def offer_state(coupon: Any, at: datetime) -> OfferState:
    """What the reader can do with a row of ``claimable_coupons``; runs no query.

    ``later``: its live session has not begun.
    """
    if coupon.held >= coupon.per_member:
        return "taken"
    if coupon.issued >= coupon.total:
        return "gone"
    session = coupon.live_session
    return "open" if session is None or session.is_on(at) else "later"


def welcome_coupon(offers: Iterable[Coupon], member_id: int | None) -> Coupon | None:
    """Of ``claimable_coupons`` the first-order one that a newcomer could claim now; None once they
    have had one. Queries: 0, or 1 for a member where there is one."""
    open_to_all = [coupon for coupon in offers if _welcomes(coupon)]
    if not open_to_all:
        return None
    if member_id is not None:
        had = CouponGrant.objects.filter(member_id=member_id, coupon__is_first_order=True)
        if had.exists():
            return None
    return open_to_all[0]


def _welcomes(coupon: Coupon) -> bool:
    asks = coupon.near_metres is not None or coupon.live_session_id is not None
    is_left = coupon.issued < coupon.total
    return coupon.is_first_order and is_left and not asks and not coupon.tier_codes


def share_link(token: str) -> ShareLink:
    """A shared link with its rule, coupons and owner. Queries: 1. Raises: NotFound."""
    rows = ShareLink.objects.select_related("rule__sharer_coupon", "rule__visitor_coupon", "member")
    link = rows.filter(token=token).first()
    if link is None:
        raise NotFound
    return link


def can_share(at: datetime) -> bool:
    """Whether something is given for shared links now. Queries: 1."""
    return ShareRule.objects.open_at(at).exists()


def channels_of_batch(batch_id: int) -> list[tuple[str, int]]:
    """By which group links the codes of a batch were redeemed, the most first. Queries: 1."""
    of_coupon = CouponGrant.objects.filter(coupon__code_batches=batch_id)
    grants = of_coupon.filter(source_type="code", source_id__startswith=f"{batch_id}:")
    counted = grants.order_by().values_list("channel").annotate(copies=Count("pk"))
    return list(counted.order_by("-copies", "channel"))
