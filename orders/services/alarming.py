"""An alarm to finance when too few payments of an hour succeed, once an hour and channel (O-38)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from mall.kernel.notify import notify, operators_with
from members.models import Account
from orders import messages
from orders.models import PaymentAlarm, PaymentPolicy
from orders.selectors.paying import SuccessRate, success_by_hour

LOOK_BACK = timedelta(hours=2)
ALERTED = "orders.get_payment_alarms"


def raise_payment_alarms(at: datetime) -> int:
    """Look at this hour and the one before; returns how many alarms were raised. Queries: 2, and
    4 an alarm."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    policy = PaymentPolicy.objects.get(pk=1)
    rates = success_by_hour(start=hour - LOOK_BACK + timedelta(hours=1), end=at, at=at)
    return sum(_raise(rate, at) for rate in rates if rate.is_low(policy))


@transaction.atomic
def _raise(rate: SuccessRate, at: datetime) -> bool:
    """False when this hour of the channel was told already: a unique index decides."""
    assert rate.hour is not None, "rates by hour have one"
    _row, is_new = PaymentAlarm.objects.get_or_create(
        provider=rate.provider,
        hour=rate.hour,
        defaults={"attempts": rate.attempts, "paid": rate.paid, "raised_at": at},
    )
    if is_new:
        notify(
            operators_with(ALERTED),
            messages.PAYMENTS_LOW,
            {"provider": rate.provider, "paid": rate.paid, "attempts": rate.attempts},
            at=at,
            route=("admin:payment_report", ()),
            source=f"payments:{rate.provider}:{rate.hour:%Y%m%d%H}",
        )
    return is_new


@transaction.atomic
def save_payment_policy(*, changes: dict[str, Any], actor: Account, at: datetime) -> PaymentPolicy:
    """Change from where on it is an alarm. Locks: the row. Raises: InvalidInput."""
    policy = PaymentPolicy.objects.select_for_update().get(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    if not (0 <= policy.alarm_below_bp <= 10_000 and policy.least_attempts > 0):
        raise InvalidInput(field="alarm_below_bp", allowed="0-10000")
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor, verb="orders.save_payment_policy", target=policy, at=at, before=before,
        after=changes,
    )  # fmt: skip
    return policy
