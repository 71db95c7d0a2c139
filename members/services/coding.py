"""One-time codes by SMS: six digits, hashed, five minutes, five tries, one use.

Source: INV-36, ATK-55, ATK-62.

A send and a try commit on their own, before anything is answered: one that was throttled or wrong
still counts. So neither may run inside another transaction; only `use_code` runs in the deed's.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mall.kernel.db import advisory_lock
from mall.kernel.errors import TooMany
from mall.kernel.notify import send_sms
from members.errors import CodeExpired, CodeWrong, SmsNotSent, TooManyTries
from members.models import SmsCode
from members.phone import normal_phone

LIFETIME = timedelta(minutes=5)
PAUSE = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_PHONE_HOUR, PER_PHONE_DAY = 5, 10
PER_ADDRESS_HOUR = 60  # a dormitory behind one address still gets in
ALL_PER_MINUTE = 600  # beyond this somebody spends our money


def send_code(*, phone: str, purpose: str, client_ip: str, at: datetime) -> int:
    """Send a code to a phone, known or not; returns the seconds until another may be asked for.

    At most one in 60 s, 5 in an hour and 10 in a day for a phone (exact), and caps for an address
    and for the shop (nearly exact). Raises: TooMany, SmsNotSent, InvalidInput. Queries: 4.
    """
    phone = normal_phone(phone)
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic(durable=True):
        advisory_lock("sms", phone)
        _refuse_floods(phone, client_ip, at)
        SmsCode.objects.create(
            phone=phone,
            purpose=purpose,
            code_hash=code_hash(phone, purpose, code),
            sent_at=at,
            expires_at=at + LIFETIME,
            client_ip=client_ip or None,
        )
    try:
        send_sms(phone, _("Your code is %(code)s. It is valid for five minutes.") % {"code": code})
    except OSError as error:
        raise SmsNotSent from error
    return int(PAUSE.total_seconds())


def check_code(*, phone: str, purpose: str, code: str, at: datetime) -> None:
    """Use up the latest code sent to the phone for the purpose, or count a wrong try.

    Raises: CodeExpired (none alive), TooManyTries (five were wrong), CodeWrong. Queries: 3.
    """
    code_id = match_code(phone=phone, purpose=purpose, code=code, at=at)
    with transaction.atomic(durable=True):
        use_code(code_id, at=at)


def match_code(*, phone: str, purpose: str, code: str, at: datetime) -> int:
    """The id of the live code that this is; the try is counted, the code not used up.

    `use_code` spends it, in the transaction of the deed that it was given for: a deed that is
    refused costs no code. Raises: as `check_code`. Queries: 2.
    """
    phone = normal_phone(phone)
    latest = (
        SmsCode.objects.filter(phone=phone, purpose=purpose).order_by("-sent_at", "-pk").first()
    )
    if latest is None or latest.used_at or latest.expires_at <= at:
        raise CodeExpired
    if not _count_try(latest.pk):
        raise TooManyTries(retry_after_seconds=_seconds(PAUSE))
    if not hmac.compare_digest(latest.code_hash, code_hash(phone, purpose, code)):
        raise CodeWrong
    return latest.pk


def use_code(code_id: int, *, at: datetime) -> None:
    """Spend a matched code; two deeds at once spend it once. Raises: CodeExpired. Queries: 1."""
    if not SmsCode.objects.filter(pk=code_id, used_at=None).update(used_at=at):
        raise CodeExpired


def forget_old_codes(*, at: datetime) -> int:
    """Delete codes that no limit counts any more; returns how many."""
    return SmsCode.objects.filter(sent_at__lt=at - DAY).delete()[0]


def _count_try(code_id: int) -> bool:
    with transaction.atomic(durable=True):
        alive = SmsCode.objects.filter(pk=code_id, used_at=None, tries__lt=SmsCode.MAX_TRIES)
        return alive.update(tries=F("tries") + 1) == 1


def code_hash(phone: str, purpose: str, code: str) -> str:
    """A keyed digest: whoever reads the table learns no code."""
    return salted_hmac(
        "members.sms_code", f"{phone}:{purpose}:{code}", algorithm="sha256"
    ).hexdigest()


def _refuse_floods(phone: str, client_ip: str, at: datetime) -> None:
    own = SmsCode.objects.filter(phone=phone, sent_at__gt=at - DAY).aggregate(
        minute=Min("sent_at", filter=Q(sent_at__gt=at - PAUSE)),
        hour=Count("pk", filter=Q(sent_at__gt=at - HOUR)),
        hour_from=Min("sent_at", filter=Q(sent_at__gt=at - HOUR)),
        day=Count("pk"),
        day_from=Min("sent_at"),
    )
    if own["minute"]:
        raise TooMany(retry_after_seconds=_seconds(own["minute"] + PAUSE - at))
    if own["day"] >= PER_PHONE_DAY:
        raise TooMany(retry_after_seconds=_seconds(own["day_from"] + DAY - at))
    if own["hour"] >= PER_PHONE_HOUR:
        raise TooMany(retry_after_seconds=_seconds(own["hour_from"] + HOUR - at))
    crowd = SmsCode.objects.filter(sent_at__gt=at - HOUR).aggregate(
        address=Count("pk", filter=Q(client_ip=client_ip or None)),
        everybody=Count("pk", filter=Q(sent_at__gt=at - PAUSE)),
    )
    if crowd["address"] >= PER_ADDRESS_HOUR or crowd["everybody"] >= ALL_PER_MINUTE:
        raise TooMany(retry_after_seconds=_seconds(PAUSE))


def _seconds(wait: timedelta) -> int:
    return max(1, -(-wait // timedelta(seconds=1)))
