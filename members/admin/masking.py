"""A phone number is shown in part, and is no oracle by filter, search or sort (ATK-83, INV-38)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.models import Account

SEE_PHONE = "members.see_phone"


class PhoneMasked:
    """For admins of rows with a phone, their own or their account's; search takes whole numbers."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """No look-up reaches the phone for whoever may not see it."""
        if "phone" in lookup.split("__") and not (request and request.user.has_perm(SEE_PHONE)):
            return False
        return bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]


class PhoneColumn:
    """Gives ``phone_masked`` to a list whose rows have an account, or are one."""

    @admin.display(description=_("phone"))
    def phone_masked(self, row: Any) -> str:
        account = row if isinstance(row, Account) else row.account
        return str(account.phone_masked)
