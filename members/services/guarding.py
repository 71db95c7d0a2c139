"""Guessing passwords is made slow: per phone and address, per phone, per address (ATK-54).

A try is counted and committed before the password is looked at, so a thousand guesses at once get
no further than five in a row; a right one clears the phone's count at that address. Unknown phones
are counted like known ones, so a lock-out tells nothing (ATK-60).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q

from mall.kernel.db import advisory_lock
from members.errors import TooManyTries
from members.models import FailedSignIn

WINDOW = timedelta(minutes=15)
PER_PHONE_AND_ADDRESS = 5
PER_PHONE = 20
PER_ADDRESS = 100


def count_try(*, phone: str, client_ip: str, at: datetime) -> None:
    """Count one more try, in a transaction of its own. Raises: TooManyTries. Queries: 3."""
    with transaction.atomic(durable=True):
        advisory_lock("sign-in", phone)
        _refuse_locked(phone, client_ip or None, at)
        FailedSignIn.objects.create(phone=phone, client_ip=client_ip or None, at=at)


def forgive(*, phone: str, client_ip: str) -> None:
    """Forget the tries of a phone at an address, once the password was right. Queries: 1."""
    FailedSignIn.objects.filter(phone=phone, client_ip=client_ip or None).delete()


def forget_old_tries(*, at: datetime) -> int:
    """Delete tries that no longer count; returns how many."""
    return FailedSignIn.objects.filter(at__lt=at - WINDOW).delete()[0]


def _refuse_locked(phone: str, client_ip: str | None, at: datetime) -> None:
    here, caller = Q(client_ip=client_ip), Q(phone=phone)
    tries = FailedSignIn.objects.filter(here | caller, at__gt=at - WINDOW).aggregate(
        both=Count("pk", filter=here & caller),
        phone=Count("pk", filter=caller),
        address=Count("pk", filter=here),
        since=Min("at"),
    )
    if (
        tries["both"] >= PER_PHONE_AND_ADDRESS
        or tries["phone"] >= PER_PHONE
        or tries["address"] >= PER_ADDRESS
    ):
        wait = (tries["since"] + WINDOW - at) // timedelta(seconds=1) + 1
        raise TooManyTries(retry_after_seconds=wait)
