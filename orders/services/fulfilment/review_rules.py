"""Why a paid order is looked at by a person before it is packed. Source: requirement O-16.

A rule is a function in ``REVIEW_RULES``; other rooms add theirs (risk does). It reads one paid
order and says what is unusual about it, or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.models import Order, ReviewPolicy


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """One thing that is unusual; ``orders.words.review_reason`` has the words of its code."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"code": self.code, "facts": dict(self.facts)}


ReviewRule = Callable[[Order, datetime], list[ReviewReason]]


def review_policy() -> ReviewPolicy:
    """From where on an order is unusual; the usual figures where nobody set them. Queries: 1."""
    return ReviewPolicy.objects.filter(pk=1).first() or ReviewPolicy(pk=1)


def unusual_by_policy(order: Order, policy: ReviewPolicy) -> list[ReviewReason]:
    """A big amount, an address that cannot be right, a region to look at. No query."""
    if not policy.is_on:
        return []
    reasons = []
    if policy.amount_fen and order.payable_fen >= policy.amount_fen:
        facts = {"amount_fen": order.payable_fen, "limit_fen": policy.amount_fen}
        reasons.append(ReviewReason("big_amount", facts))
    if order.delivery == Order.Delivery.CARRIER:
        reasons += _about_address(order, policy)
    return reasons


def _about_address(order: Order, policy: ReviewPolicy) -> list[ReviewReason]:
    detail = "".join(order.address_detail.split())
    reasons = []
    if len(detail) < policy.address_letters:
        facts = {"letters": len(detail), "least": policy.address_letters}
        reasons.append(ReviewReason("address_short", facts))
    if policy.address_needs_number and not any(letter.isnumeric() for letter in detail):
        reasons.append(ReviewReason("address_without_number"))
    blocked = [p for p in policy.blocked_prefixes if p and order.region_code.startswith(p)]
    if blocked:
        reasons.append(ReviewReason("region_blocked", {"prefix": blocked[0]}))
    return reasons


def _by_policy(order: Order, at: datetime) -> list[ReviewReason]:
    return unusual_by_policy(order, review_policy())


REVIEW_RULES: list[ReviewRule] = [_by_policy]
"""Every rule that a paid order passes. Add yours in your app's ready()."""


def findings(order: Order, at: datetime) -> list[ReviewReason]:
    """Everything unusual about a paid order. Queries: those of its rules, 1 of the house's own."""
    return [reason for rule in REVIEW_RULES for reason in rule(order, at)]
