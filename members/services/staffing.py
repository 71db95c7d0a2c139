"""Operators' second factor: an app, set up after the first password and asked for at every sign-in.

Source: ATK-59; design.md, section 10.
"""

from datetime import datetime

from django.db import transaction

from mall.kernel import audit
from members.errors import AppKnown
from members.models import Account, Authenticator
from members.services.holding import end_sessions
from members.services.verifying import NewSecret, count_try, new_app


@transaction.atomic
def enrol_app(*, account: Account, at: datetime) -> NewSecret:
    """Give an operator who has none yet an app: its secret, told once. It counts once a code of it
    was shown (`confirm_authenticator`).

    Whoever has an app cannot replace it this way: a stolen password would be enough.
    Locks: the app. Raises: AppKnown.
    """
    known = Authenticator.objects.filter(account=account).locked().first()
    if known is not None and known.confirmed_at is not None:
        raise AppKnown
    return new_app(account, at)


def show_app_code(*, account: Account, code: str, at: datetime) -> None:
    """Judge the code that an operator's app shows; no code counts twice, five wrong ones in a row
    lock the app for a quarter of an hour. Raises: CodeExpired, CodeWrong, TooManyTries."""
    count_try(account, code, at, is_confirmed=True)


@transaction.atomic
def reset_app(*, account: Account, actor: Account | None, reason: str, at: datetime) -> bool:
    """Take the app of an operator off who has lost it: every session ends, and the next sign-in
    sets up another; False when there was none. Leaves a trail."""
    gone, _rows = Authenticator.objects.filter(account=account).delete()
    if not gone:
        return False
    end_sessions(account, at=at)
    audit.record(actor=actor, verb="members.reset_app", target=account, at=at, reason=reason)
    return True
