"""Signing in with a password: operators by username, shoppers by phone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from members.models import Account


class AccountBackend(ModelBackend):
    """Django's model backend over username or phone; an unknown one costs a hash too (ATK-60)."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_kwargs: Any,
    ) -> Account | None:
        if not username or password is None or len(password) > 128:
            return None
        account = Account.objects.filter(Q(username=username) | Q(phone=username)).first()
        if account is None:
            Account().set_password(password)
            return None
        if account.check_password(password) and self.user_can_authenticate(account):
            return account
        return None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a web session with member, tier and points: one query a request."""
        account = (
            Account.objects.select_related("member__tier", "member__points_account")
            .filter(pk=user_id)
            .first()
        )
        return account if account and self.user_can_authenticate(account) else None
