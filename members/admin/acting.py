"""Who acts, and the two actions that members and operators share."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel import clock
from mall.kernel.admin import run_verb
from members import services
from members.models import Account, Member


def actor_of(request: HttpRequest) -> Account:
    """The operator behind a request of admin, which lets nobody else in."""
    assert isinstance(request.user, Account)
    return request.user


class ClosingActions:
    """Shut out and let in, for lists of accounts or of members."""

    @admin.action(description=_("Shut out: end all sessions at once"), permissions=["change"])
    def close_accounts(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for account in _accounts_of(rows):
            verb = partial(
                services.close_account, account=account, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("%(name)s is shut out.") % {"name": account})

    @admin.action(description=_("Let in again"), permissions=["change"])
    def reopen_accounts(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for account in _accounts_of(rows):
            verb = partial(
                services.reopen_account, account=account, actor=actor_of(request), at=clock.now()
            )
            run_verb(request, verb, _("%(name)s may come in again.") % {"name": account})


def _accounts_of(rows: QuerySet[Any]) -> Iterable[Account]:
    if rows.model is Member:
        return [member.account for member in rows.select_related("account")]
    return rows
