"""How well payments go: rates by channel and hour, failures by reason and channel; how a member
pays.

Source: O-04, O-35, O-37, O-38. An attempt counts once it is over, or its time is.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour

from mall.kernel import clock
from mall.kernel.money import FULL_RATE_BP, half_up
from orders.models import Order, Payment, PaymentFailure, PaymentPolicy
from orders.reasons import reason_of

OUTSIDE = ("none", "import")
"""Orders that cost nothing, and those of another shop's time, are no attempts."""


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """How many attempts of a channel, in an hour or in the whole span, were paid."""

    provider: str
    hour: datetime | None
    attempts: int
    paid: int

    @property
    def rate_bp(self) -> int:
        """Paid of attempts, in basis points."""
        return half_up(self.paid * FULL_RATE_BP, self.attempts)

    def is_low(self, policy: PaymentPolicy) -> bool:
        """True when somebody should look at the channel; few attempts are chance."""
        return self.attempts >= policy.least_attempts and self.rate_bp < policy.alarm_below_bp


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often one reason came up at one stage of one channel."""

    provider: str
    stage: str
    reason: str
    times: int


def success_by_hour(*, start: datetime, end: datetime, at: datetime) -> list[SuccessRate]:
    """Attempts begun in a span by channel and hour of the shop, the latest hour first. Queries:
    1."""
    hours = TruncHour("created_at", tzinfo=clock.SHANGHAI)
    rows = (
        _attempts(start, end, at)
        .annotate(hour=hours)
        .values("provider", "hour")
        .annotate(attempts=Count("pk"), paid=_paid())
        .order_by("-hour", "provider")
    )
    return [SuccessRate(**row) for row in rows]


def success_by_channel(rates: list[SuccessRate]) -> list[SuccessRate]:
    """The same for the whole span, by channel."""
    attempts: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for rate in rates:
        attempts[rate.provider] += rate.attempts
        paid[rate.provider] += rate.paid
    return [SuccessRate(code, None, attempts[code], paid[code]) for code in sorted(attempts)]


def failures_by_reason(*, start: datetime, end: datetime) -> list[FailureCount]:
    """Refusals noted in a span by channel, stage and reason, the most frequent first. Queries:
    1."""
    rows = (
        PaymentFailure.objects.filter(at__gte=start, at__lt=end)
        .values("payment__provider", "stage", "reason")
        .annotate(times=Count("pk"))
        .order_by("-times", "payment__provider", "stage", "reason")
    )
    return [
        FailureCount(row["payment__provider"], row["stage"], row["reason"], row["times"])
        for row in rows
    ]


def failure_reason(payment: Payment) -> str:
    """Why a payment failed last, as one of our own reasons. Queries: none."""
    return reason_of(payment.failure_code)


def usual_provider(member_id: int) -> str:
    """What the member paid with last, empty for who never did (O-04). Queries: 1."""
    paid = Payment.objects.filter(order__member=member_id, status=Payment.Status.SUCCEEDED)
    latest = paid.exclude(provider__in=OUTSIDE).order_by("-succeeded_at", "-pk")
    return latest.values_list("provider", flat=True).first() or ""


def refused_providers(order: Order) -> set[str]:
    """The channels that an attempt to pay the order failed with (O-35). Queries: 1."""
    failed = Payment.objects.filter(order=order, status=Payment.Status.FAILED)
    return set(failed.values_list("provider", flat=True))


def _attempts(start: datetime, end: datetime, at: datetime) -> QuerySet[Payment]:
    begun = Payment.objects.filter(created_at__gte=start, created_at__lt=end)
    still_open = Q(status=Payment.Status.PENDING, expires_at__gt=at)
    return begun.exclude(provider__in=OUTSIDE).exclude(still_open)


def _paid() -> Count:
    return Count("pk", filter=Q(status=Payment.Status.SUCCEEDED))
