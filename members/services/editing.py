"""What a member may change of themselves, and what an operator may of the shop's membership."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import audit, clock
from mall.kernel.db import unsafe_reason
from mall.kernel.errors import InvalidInput
from mall.kernel.notify.models import Message
from members.errors import NotYoursToClose
from members.models import Account, Member
from members.services.holding import end_sessions

MAX_NICKNAME = 40


@transaction.atomic
def edit_profile(
    *,
    member: Member,
    nickname: str | None = None,
    birthday: date | None = None,
    language: str | None = None,
    at: datetime,
) -> Member:
    """Change what was given. Locks: the member. Raises: InvalidInput."""
    member = (
        Member.objects.select_related("account", "tier", "points_account")
        .locked()
        .get(pk=member.pk)
    )
    if nickname is not None:
        member.nickname = _nickname(nickname)
    if birthday is not None:
        if not date(1900, 1, 1) <= birthday <= clock.day_of(at):
            raise InvalidInput(field="birthday", allowed=_("a day in the past"))
        member.birthday = birthday
    member.save(update_fields=["nickname", "birthday"])
    if language is not None:
        if language not in dict(settings.LANGUAGES):
            raise InvalidInput(field="language", allowed=", ".join(dict(settings.LANGUAGES)))
        Account.objects.filter(pk=member.account_id).update(language=language)
    return member


def read_inbox(*, account_id: int, at: datetime, message_id: int | None = None) -> int:
    """Mark one message, or all, as read; returns how many were unread."""
    unread = Message.objects.filter(
        account_id=account_id, channel=Message.Channel.INBOX, read_at=None
    )
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return unread.update(read_at=at)


@transaction.atomic
def close_account(*, account: Account, actor: Account, at: datetime, reason: str = "") -> None:
    """Shut an account out: its sessions and tokens are dead at once. Writes an audit row.

    Raises: NotYoursToClose.
    """
    if account.pk == actor.pk or (account.is_superuser and not actor.is_superuser):
        raise NotYoursToClose
    Account.objects.filter(pk=account.pk).update(is_active=False)
    end_sessions(account, at=at)
    audit.record(
        actor=actor, verb="members.close_account", target=account, at=at,
        before={"is_active": account.is_active}, after={"is_active": False}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def reopen_account(*, account: Account, actor: Account, at: datetime, reason: str = "") -> None:
    """Let an account in again. Writes an audit row."""
    Account.objects.filter(pk=account.pk).update(is_active=True)
    audit.record(
        actor=actor, verb="members.reopen_account", target=account, at=at,
        before={"is_active": account.is_active}, after={"is_active": True}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def save_operator(
    *, account: Account, changes: dict[str, Any], actor: Account | None, at: datetime
) -> Account:
    """Write an operator's row, new or changed, beside who did it (None: the system).

    Passwords are never recorded.
    """
    is_new = account.pk is None
    account.is_staff = True
    account.save()
    audit.record(
        actor=actor,
        verb="members.add_operator" if is_new else "members.change_operator",
        target=account,
        at=at,
        after={name: value for name, value in changes.items() if "password" not in name},
    )
    return account


def _nickname(text: str) -> str:
    plain = " ".join(text.split())
    if not 1 <= len(plain) <= MAX_NICKNAME or unsafe_reason(plain):
        raise InvalidInput(field="nickname", allowed=_("1 to 40 characters"))
    return plain
