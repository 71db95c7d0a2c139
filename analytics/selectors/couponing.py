"""What coupons brought in and cost: per coupon, by channel, and against the members held back.

Source: requirement P-17. Money is of paid orders, less what was refunded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from analytics.metrics import Group, gained_fen, ratio_bp, roi_bp
from orders.models import Order
from promotions.models import Coupon, CouponDispatch, CouponGrant, CouponHoldout

CLAIMED = ("claim", "code")
"""Sources of copies that members fetched themselves; all others were given by the shop."""
State = CouponGrant.State
NO_COPIES = {"given": 0, "claimed": 0, "used": 0, "off": 0, "gmv": 0}


@dataclass(frozen=True, slots=True)
class CouponEffect:
    """One coupon: copies given by the shop and fetched by members, used ones, money and cost."""

    coupon: Coupon
    issued: int
    claimed: int
    used: int
    gmv_fen: int
    off_fen: int

    @property
    def given(self) -> int:
        """All copies, however they came about."""
        return self.issued + self.claimed

    @property
    def use_bp(self) -> int | None:
        """Used of given, in basis points."""
        return ratio_bp(self.used, self.given)

    @property
    def given_bp(self) -> int | None:
        """Given of all pieces, in basis points."""
        return ratio_bp(self.given, self.coupon.total)


@dataclass(frozen=True, slots=True)
class DispatchEffect:
    """One dispatch beside its control group."""

    dispatch: CouponDispatch
    served: Group
    control: Group
    off_fen: int

    @property
    def gain_fen(self) -> int | None:
        """What the served spent above the control group; None without one."""
        return gained_fen(self.served, self.control)

    @property
    def roi_bp(self) -> int | None:
        """Gain less cost over cost, in basis points."""
        return roi_bp(self.gain_fen, self.off_fen)


@dataclass(frozen=True, slots=True)
class ChannelEffect:
    """Copies that came by one group, live session, friend or care plan."""

    channel: str
    given: int
    used: int
    gmv_fen: int
    off_fen: int


def coupon_effects(coupons: Sequence[Coupon]) -> list[CouponEffect]:
    """The effect of each of these coupons, in their order. Queries: 1."""
    grants = CouponGrant.objects.filter(coupon__in=[coupon.pk for coupon in coupons])
    rows = {row["coupon"]: row for row in _figures(grants, "coupon")}
    return [_effect(coupon, rows.get(coupon.pk, NO_COPIES)) for coupon in coupons]


def _effect(coupon: Coupon, row: Mapping[str, Any]) -> CouponEffect:
    return CouponEffect(
        coupon=coupon,
        issued=row["given"] - row["claimed"],
        claimed=row["claimed"],
        used=row["used"],
        gmv_fen=int(row["gmv"] or 0),
        off_fen=int(row["off"] or 0),
    )


def channel_effects(coupon_id: int, limit: int = 20) -> list[ChannelEffect]:
    """By which channels a coupon's copies came, the most first. Queries: 1."""
    grants = CouponGrant.objects.filter(coupon=coupon_id).exclude(channel="")
    rows = _figures(grants, "channel").order_by("-given", "channel")[:limit]
    return [
        ChannelEffect(
            channel=row["channel"],
            given=row["given"],
            used=row["used"],
            gmv_fen=int(row["gmv"] or 0),
            off_fen=int(row["off"] or 0),
        )
        for row in rows
    ]


def dispatch_effects(coupon_id: int, at: datetime, limit: int = 10) -> list[DispatchEffect]:
    """The newest dispatches of a coupon beside their control groups. Queries: 1, 5 a dispatch."""
    dispatches = CouponDispatch.objects.filter(coupon=coupon_id).select_related("segment")
    return [_of_dispatch(row, at) for row in dispatches.order_by("-pk")[:limit]]


def _of_dispatch(dispatch: CouponDispatch, at: datetime) -> DispatchEffect:
    """Both groups over the same time: from the sending until the last copy ended, or ``at``."""
    of_coupon = CouponGrant.objects.filter(coupon=dispatch.coupon_id)
    copies = of_coupon.filter(source_type="dispatch", source_id=str(dispatch.pk))
    totals = copies.aggregate(
        served=Count("pk"), ends=Max("ends_at"), off=Sum("off_fen", filter=Q(state=State.USED))
    )
    held = CouponHoldout.objects.filter(dispatch=dispatch)
    until = min(at, totals["ends"] or at)
    return DispatchEffect(
        dispatch=dispatch,
        served=Group(totals["served"], _spent(copies, dispatch.scheduled_at, until)),
        control=Group(held.count(), _spent(held, dispatch.scheduled_at, until)),
        off_fen=int(totals["off"] or 0),
    )


def _spent(members: QuerySet[Any], start: datetime, until: datetime) -> int:
    """What these members paid in ``[start, until)``, less refunds. Queries: 1."""
    chosen = Exists(members.filter(member=OuterRef("member_id")))
    orders = Order.objects.filter(chosen, paid_at__gte=start, paid_at__lt=until)
    return int(orders.aggregate(sum=Sum(F("paid_fen") - F("refunded_fen")))["sum"] or 0)


def _figures(grants: QuerySet[CouponGrant], column: str) -> Any:
    """Copies counted and the money of the orders that used them, by ``column``. Queries: 1.

    An order uses at most one copy of a coupon, so that its money counts once.
    """
    used = Q(state=State.USED)
    order = Order.objects.filter(number=OuterRef("order_number"))
    paid = order.values(paid=F("paid_fen") - F("refunded_fen"))
    return (
        grants.annotate(paid=Subquery(paid))
        .order_by()
        .values(column)
        .annotate(
            given=Count("pk"),
            claimed=Count("pk", filter=Q(source_type__in=CLAIMED)),
            used=Count("pk", filter=used),
            off=Sum("off_fen", filter=used),
            gmv=Sum("paid", filter=used),
        )
    )
