"""What is known when somebody starts to pay, and from what on it counts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Counts of one attempt. ``is_strange`` is None where nothing is known to compare with.

    ``outside_points`` is what a risk service says, None when none was asked or none answered.
    """

    small_payments: int = 0
    is_strange: bool | None = None
    members_on_device: int = 0
    members_at_ip: int = 0
    members_with_coupons: int = 0
    orders_in_burst: int = 0
    most_pieces: int = 0
    is_blocked: bool = False
    outside_points: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From what count on a fact is a reason, how many points it is, and what points lead to."""

    small_payments: int = 6
    small_score: int = 50
    place_score: int = 40
    device_members: int = 3
    ip_members: int = 20
    shared_score: int = 40
    coupon_members: int = 3
    coupon_score: int = 60
    burst_orders: int = 10
    burst_score: int = 60
    many_pieces: int = 50
    many_score: int = 60
    verify_from: int = 40
    review_from: int = 60
    block_from: int = 160
