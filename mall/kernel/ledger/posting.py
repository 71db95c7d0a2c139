"""Writing to the book and reading a balance."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from mall.kernel.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction


@transaction.atomic
def post(*, kind: str, reference: str, amounts_fen: Mapping[str, int], at: datetime) -> bool:
    """Post one transaction: account code -> fen, summing to zero; False when it was posted before.

    Accounts come to be with their first posting. Queries: 4. Raises: ValueError on a sum that is
    not zero.
    """
    if sum(amounts_fen.values()) != 0 or not any(amounts_fen.values()):
        raise ValueError(f"{kind} {reference} does not sum to zero: {dict(amounts_fen)}")
    if LedgerTransaction.objects.filter(kind=kind, reference=reference).exists():
        return False
    entry_of = LedgerTransaction.objects.create(kind=kind, reference=reference, at=at)
    LedgerAccount.objects.bulk_create(
        [LedgerAccount(code=code) for code in sorted(amounts_fen)], ignore_conflicts=True
    )
    ids = dict(LedgerAccount.objects.filter(code__in=amounts_fen).values_list("code", "pk"))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(transaction=entry_of, account_id=ids[code], amount_fen=amount)
        for code, amount in amounts_fen.items()
        if amount
    )
    return True


def balance_of(code: str) -> int:
    """The sum of all entries of an account in fen; 0 for one that was never used."""
    total = LedgerEntry.objects.filter(account__code=code).aggregate(total=Sum("amount_fen"))
    return int(total["total"] or 0)
