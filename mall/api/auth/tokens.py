"""Tokens of a signed-in device: a short access token and a refresh token that counts once.

Both carry the account's token version and the id of its ``SignIn`` row, which are looked at on
every request; no token is stored, only the id of the refresh token that is next.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from mall.api.authentication import device, positive
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from members import services
from members.errors import SessionEnded
from members.models import Account, Member, SignIn


class RefreshToken(Token):
    """simplejwt's token of the kind "refresh"; its one use is guarded by members.services."""

    token_type = "refresh"  # noqa: S105 - a kind, no secret
    lifetime = api_settings.REFRESH_TOKEN_LIFETIME


def open_device(request: HttpRequest, account: Account) -> dict[str, Any]:
    """Sign a new device in; gives its pair of tokens. Queries: 2."""
    refresh = RefreshToken()
    sign_in = services.open_sign_in(
        account=account,
        door=SignIn.Door.API,
        handle=refresh["jti"],
        device=request.headers.get("User-Agent", ""),
        client_ip=client_ip(request),
        at=clock.now(),
    )
    return _pair(account, sign_in.pk, refresh)


def renew(raw: str) -> tuple[dict[str, Any], Member]:
    """The next pair for an unused refresh token. Raises: SessionEnded. Queries: 2."""
    old = read_refresh(raw)
    sign_in_id = device(old.get("sid"))
    account = (
        Account.objects.select_related("member__account", "member__tier", "member__points_account")
        .filter(pk=positive(old.get("user_id")), is_active=True, member__isnull=False)
        .first()
    )
    if account is None or sign_in_id is None or old.get("ver") != account.token_version:
        raise SessionEnded
    refresh = RefreshToken()
    services.renew_sign_in(
        sign_in_id=sign_in_id, handle=str(old["jti"]), new_handle=refresh["jti"], at=clock.now()
    )
    return _pair(account, sign_in_id, refresh), account.member


def read_refresh(raw: str) -> RefreshToken:
    """The refresh token behind a text, its signature and time checked. Raises: SessionEnded."""
    try:
        return RefreshToken(raw.encode())  # type: ignore[arg-type]
    except (TokenError, UnicodeError) as error:
        raise SessionEnded from error


def _pair(account: Account, sign_in_id: uuid.UUID, refresh: RefreshToken) -> dict[str, Any]:
    access = AccessToken()
    for token in (access, refresh):
        token["user_id"] = account.pk
        token["ver"] = account.token_version
        token["sid"] = str(sign_in_id)
    return {
        "access": str(access),
        "refresh": str(refresh),
        "expires_in": int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
    }
