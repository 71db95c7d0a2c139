"""Becoming a member. Source: requirement M-01, INV-35."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mall.kernel.outbox import publish
from members.errors import PasswordRefused, PhoneTaken
from members.events import MemberJoined
from members.models import Account, Consent, Member, PointsAccount, Tier
from members.models.account import normal_password
from members.phone import normal_phone

DOCUMENTS = ("terms", "privacy")
CONSENT_VERSION = "2026-11"  # of the texts that register and the mini-program show today
MAX_PASSWORD = 128


@transaction.atomic
def join(
    *,
    phone: str,
    password: str | None = None,
    nickname: str | None = None,
    invite_code: str | None = None,
    consent_version: str,
    at: datetime,
) -> Member:
    """Open an account and its member on the lowest tier; an unknown invite code is passed over.

    The caller has proved that the phone is theirs.
    Raises: PhoneTaken, PasswordRefused, InvalidInput. Emits: MemberJoined. Queries: 9.
    """
    phone = normal_phone(phone)
    account = Account(phone=phone)
    if password:
        check_new_password(password, account)
    account.set_password(password or None)
    if _is_taken(phone):
        raise PhoneTaken
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise PhoneTaken from error
    member = Member.objects.create(
        account=account,
        nickname=nickname or f"会员{secrets.randbelow(10**6):06d}",
        tier=Tier.objects.order_by("threshold_fen")[0],
        invited_by=Member.objects.filter(invite_code=invite_code).first() if invite_code else None,
        joined_at=at,
    )
    PointsAccount.objects.create(member=member)
    agree(account=account, version=consent_version, at=at)
    publish(MemberJoined(at=at, member_id=member.pk, invited_by_id=member.invited_by_id))
    return member


def _is_taken(phone: str) -> bool:
    return Account.objects.filter(phone=phone).exists()


def agree(*, account: Account, version: str, at: datetime) -> None:
    """Note that the account agreed to this version of terms and privacy policy. Queries: 1."""
    Consent.objects.bulk_create(
        [Consent(account=account, document=name, version=version, at=at) for name in DOCUMENTS],
        ignore_conflicts=True,
    )


def check_new_password(password: str, account: Account) -> None:
    """Raises: PasswordRefused for one that is too long, short, common or all digits (ATK-61)."""
    if len(password) > MAX_PASSWORD:
        raise PasswordRefused(reason=_("It may have at most 128 characters."))
    try:
        validate_password(normal_password(password) or "", account)
    except ValidationError as error:
        raise PasswordRefused(reason=" ".join(error.messages)) from error
