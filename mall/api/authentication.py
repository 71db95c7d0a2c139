"""Bearer tokens: signed, short-lived, dead at once when their device is signed out (ATK-52) or the
account's token_version moves (INV-39). Whatever is wrong with one, the answer is the same 401.
"""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from mall.kernel.db import Prepared
from members.models import Account


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access>` of a shopper. Staff-only accounts have no business here."""

    def authenticate(self, request: Request) -> tuple[Account, AccessToken] | None:
        scheme, _space, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer":
            raise AuthenticationFailed(_("Send Authorization: Bearer <access token>."))
        try:
            token = AccessToken(raw.strip().encode())
        except (TokenError, UnicodeError) as error:
            raise AuthenticationFailed(_("This token is not valid any more.")) from error
        return self._account_of(token), token

    def _account_of(self, token: AccessToken) -> Account:
        account: Account | None = signed_in.one(
            account_id=positive(token.get("user_id")), sign_in_id=device(token.get("sid"))
        )
        if account is None or token.get("ver") != account.token_version:
            raise AuthenticationFailed(_("This token is not valid any more."))
        return account

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


@Prepared
def signed_in(*, account_id: int, sign_in_id: uuid.UUID | None) -> QuerySet[Account]:
    """A shopper's account while this device is signed in, with member, tier and points."""
    return Account.objects.select_related("member__tier", "member__points_account").filter(
        pk=account_id,
        is_active=True,
        member__isnull=False,
        sign_ins__pk=sign_in_id,
        sign_ins__ended_at=None,
    )


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema says it."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def positive(value: Any) -> int:
    """An id out of a claim; 0, which nobody has, for anything else."""
    return value if type(value) is int and 0 < value < 2**63 else 0


def device(value: Any) -> uuid.UUID | None:
    """The sign-in's id out of a claim; None, which no row has, for anything else."""
    try:
        return uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None
