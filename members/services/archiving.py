"""Members of an imported order history: known by a number elsewhere, unable to sign in."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from members.models import Account, Member, PointsAccount, Tier

PREFIX = "import-"


@transaction.atomic
def archive_customers(*, numbers: Collection[str], at: datetime) -> dict[str, int]:
    """A member id for each customer number, made where there is none. Queries: 6, however many.

    Their accounts are not active: nobody can sign in, nothing is ever sent to them.
    """
    names = {f"{PREFIX}{number}": number for number in numbers}
    Account.objects.bulk_create(
        [
            Account(username=name, is_active=False, password=make_password(None))
            for name in sorted(names)
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    accounts = dict(Account.objects.filter(username__in=names).values_list("pk", "username"))
    known = set(Member.objects.filter(account__in=accounts).values_list("account_id", flat=True))
    tier = Tier.objects.order_by("threshold_fen")[0]
    members = Member.objects.bulk_create(
        [
            Member(account_id=pk, nickname=f"{PREFIX}{names[name]}", tier=tier, joined_at=at)
            for pk, name in accounts.items()
            if pk not in known
        ],
        batch_size=2000,
    )
    PointsAccount.objects.bulk_create([PointsAccount(member=member) for member in members])
    rows = Member.objects.filter(account__in=accounts).values_list("account_id", "pk")
    return {names[accounts[account_id]]: pk for account_id, pk in rows}
