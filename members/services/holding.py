"""Sessions and tokens: opened, renewed, listed, ended (INV-39, ATK-52, ATK-53).

One ``SignIn`` row stands for a device. A web session is ended by deleting it; tokens carry the
row's id and the account's token version, both looked at on every request; the row knows the one
refresh token that still counts.
"""

import uuid
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import F

from mall.kernel.errors import NotFound
from members.errors import SessionEnded
from members.models import Account, SignIn

DEVICE_LENGTH = 120
ASKED_TWICE = timedelta(seconds=10)


def open_sign_in(
    *, account: Account, door: str, handle: str, device: str, client_ip: str, at: datetime
) -> SignIn:
    """Note a new device; ``handle`` is the web session's key or the refresh token's id.

    Queries: 2.
    """
    Account.objects.filter(pk=account.pk).update(last_login=at)
    return SignIn.objects.create(
        account=account,
        door=door,
        handle=handle,
        device=device[:DEVICE_LENGTH].replace("\x00", ""),
        client_ip=client_ip or None,
        began_at=at,
        seen_at=at,
    )


def renew_sign_in(*, sign_in_id: uuid.UUID, handle: str, new_handle: str, at: datetime) -> None:
    """Put the next refresh token in the place of the last one; each counts once. Queries: 1-2.

    A token that comes back after it was used has been copied: the device is signed out, whoever
    holds the newer one. Within a moment it is only a client that asked twice. Raises: SessionEnded.
    """
    if not _swap(sign_in_id, handle, new_handle, at):
        device = SignIn.objects.alive().filter(pk=sign_in_id)
        device.filter(seen_at__lt=at - ASKED_TWICE).update(ended_at=at)
        raise SessionEnded


def _swap(sign_in_id: uuid.UUID, handle: str, new_handle: str, at: datetime) -> bool:
    device = SignIn.objects.alive().filter(pk=sign_in_id, handle=handle)
    return device.update(handle=new_handle, seen_at=at) == 1


def end_sign_in(*, account_id: int, sign_in_id: uuid.UUID, at: datetime) -> None:
    """Sign one device out: its next request is refused.

    Raises: NotFound for another's. Queries: 2, for a web session 3.
    """
    sign_in = SignIn.objects.filter(pk=sign_in_id, account_id=account_id).first()
    if sign_in is None:
        raise NotFound
    SignIn.objects.alive().filter(pk=sign_in_id).update(ended_at=at)
    if sign_in.door == SignIn.Door.WEB:
        _forget_web_session(sign_in.handle)


def end_web_session(*, session_key: str, at: datetime) -> None:
    """Note that a web session was signed out by its owner. Queries: 1."""
    SignIn.objects.alive().filter(door=SignIn.Door.WEB, handle=session_key).update(ended_at=at)


@transaction.atomic
def end_sessions(account: Account, *, at: datetime | None = None) -> int:
    """End every session and token of an account; returns its new token version. Queries: 3."""
    Account.objects.filter(pk=account.pk).update(token_version=F("token_version") + 1)
    account.refresh_from_db(fields=["token_version"])
    alive = SignIn.objects.alive().filter(account=account)
    alive.update(ended_at=at or F("seen_at"))
    return account.token_version


def _forget_web_session(session_key: str) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore().delete(session_key)
