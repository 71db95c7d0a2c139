"""Points of every reason, added up; the sum says what happens.

A proof of identity (a one-time code) answers the question whether it is really the member: it
turns "verify" into "pass", and nothing else. Whoever is on the blacklist is refused, whatever the
points.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from orders.risk.facts import Facts, Thresholds

MOST_OUTSIDE = 100
"""The most points that somebody else's service can give."""


class Verdict(StrEnum):
    """What becomes of an attempt to pay."""

    PASS = "pass"  # noqa: S105 - a verdict
    VERIFY = "verify"
    REVIEW = "review"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why points were given: a code with words of its own, and the count behind it."""

    code: str
    score: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, its points and every reason for it."""

    verdict: Verdict
    score: int
    reasons: tuple[Reason, ...]


Rule = Callable[[Facts, Thresholds], Reason | None]


def judge(facts: Facts, thresholds: Thresholds, *, is_proved: bool = False) -> Judgement:
    """Judge one attempt to pay."""
    reasons = tuple(_reasons(facts, thresholds))
    score = sum(reason.score for reason in reasons)
    if facts.is_blocked:
        return Judgement(Verdict.BLOCK, score, (Reason("blocked", 0), *reasons))
    return Judgement(_verdict(score, thresholds, is_proved), score, reasons)


def _verdict(score: int, thresholds: Thresholds, is_proved: bool) -> Verdict:
    if score >= thresholds.block_from:
        return Verdict.BLOCK
    if score < thresholds.verify_from:
        return Verdict.PASS
    if not is_proved:
        return Verdict.VERIFY
    return Verdict.REVIEW if score >= thresholds.review_from else Verdict.PASS


def _reasons(facts: Facts, thresholds: Thresholds) -> Iterator[Reason]:
    for rule in RULES:
        reason = rule(facts, thresholds)
        if reason is not None:
            yield reason


def _from(code: str, count: int, least: int, score: int) -> Reason | None:
    return Reason(code, score, count) if count >= least > 0 and score else None


def small_payments(facts: Facts, by: Thresholds) -> Reason | None:
    """高频小额支付: many small payments within minutes, as stolen cards are tried out."""
    return _from("small_payments", facts.small_payments, by.small_payments, by.small_score)


def strange_place(facts: Facts, by: Thresholds) -> Reason | None:
    """A network and a device that this member never came from."""
    return Reason("strange_place", by.place_score) if facts.is_strange and by.place_score else None


def shared_device(facts: Facts, by: Thresholds) -> Reason | None:
    """Many accounts pay on one device."""
    return _from("shared_device", facts.members_on_device, by.device_members, by.shared_score)


def shared_address(facts: Facts, by: Thresholds) -> Reason | None:
    """Many accounts pay from one network address."""
    return _from("shared_ip", facts.members_at_ip, by.ip_members, by.shared_score)


def coupon_abuse(facts: Facts, by: Thresholds) -> Reason | None:
    """Many accounts use coupons for one doorstep or on one device."""
    return _from("coupon_abuse", facts.members_with_coupons, by.coupon_members, by.coupon_score)


def burst(facts: Facts, by: Thresholds) -> Reason | None:
    """Many orders for one doorstep or from one device within minutes (黄牛)."""
    return _from("burst", facts.orders_in_burst, by.burst_orders, by.burst_score)


def many_pieces(facts: Facts, by: Thresholds) -> Reason | None:
    """More pieces of one SKU than a household needs."""
    return _from("many_pieces", facts.most_pieces, by.many_pieces, by.many_score)


def outside(facts: Facts, _by: Thresholds) -> Reason | None:
    """What a risk service says."""
    points = min(facts.outside_points or 0, MOST_OUTSIDE)
    return Reason("outside", points) if points > 0 else None


RULES: tuple[Rule, ...] = (
    small_payments,
    strange_place,
    shared_device,
    shared_address,
    coupon_abuse,
    burst,
    many_pieces,
    outside,
)
