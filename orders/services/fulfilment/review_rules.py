"""Why a paid order is looked at by a person before it is packed. Source: requirement O-16.

The rules are in ``REVIEW_RULES``; other rooms add theirs (risk does). Each says what it asks about
one paid order, all of them are answered by one statement, and each says what is unusual, or
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import JSONObject

from mall.kernel.db import Prepared
from orders.models import Order, ReviewPolicy

POLICY_FIELDS = (
    "is_on",
    "amount_fen",
    "address_letters",
    "address_needs_number",
    "blocked_prefixes",
)


@dataclass(frozen=True, slots=True)
class ReviewReason:
    """One thing that is unusual; ``orders.words.review_reason`` has the words of its code."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"code": self.code, "facts": dict(self.facts)}


Answers = Mapping[str, Any]
"""What was asked of an order, by the names of the columns."""
Asks = Callable[[datetime], Mapping[str, Any]]
"""Columns of an order's row at an instant. The statement is kept (`kernel.db.Prepared`): they
depend on nothing else."""


def asks_nothing(_at: datetime) -> Mapping[str, Any]:
    """For rules that look at the order alone."""
    return {}


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """``asks`` names the columns it wants of the order's row, read for all rules in one statement;
    ``finds`` says what is unusual about the order and these answers."""

    finds: Callable[[Order, Answers], list[ReviewReason]]
    asks: Asks = asks_nothing


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


def _ask_policy(_at: datetime) -> Mapping[str, Any]:
    values = {name: name for name in POLICY_FIELDS}
    policy = ReviewPolicy.objects.filter(pk=1).values(values=JSONObject(**values))
    return {"review_policy": Subquery(policy)}


def _by_policy(order: Order, told: Answers) -> list[ReviewReason]:
    return unusual_by_policy(order, ReviewPolicy(**(told["review_policy"] or {})))


REVIEW_RULES: list[ReviewRule] = [ReviewRule(_by_policy, _ask_policy)]
"""Every rule that a paid order passes. Add yours in your app's ready()."""


def answers(order: Order, at: datetime, also: Asks = asks_nothing) -> Answers:
    """What all rules ask about an order, and what is ``also`` asked of it. Queries: 1."""
    asking = (*(rule.asks for rule in REVIEW_RULES), also)
    row: Answers = _answers.one(asking, order_id=order.pk, at=at)
    return row


@Prepared
def _answers(asking: tuple[Asks, ...], *, order_id: int, at: datetime) -> Any:
    columns = {name: asked for asks in asking for name, asked in asks(at).items()}
    return Order.objects.filter(pk=order_id).values(**columns)


def findings(order: Order, told: Answers) -> list[ReviewReason]:
    """Everything unusual about a paid order. No query."""
    return [reason for rule in REVIEW_RULES for reason in rule.finds(order, told)]
