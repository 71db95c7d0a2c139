"""Writing to the book and reading a balance."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum

from mall.kernel.ledger.models import LedgerEntry

POST = """
WITH posted AS (
  INSERT INTO kernel_ledgertransaction (kind, reference, at) VALUES (%s, %s, %s)
  ON CONFLICT (kind, reference) DO NOTHING RETURNING id
), wanted (code, amount_fen) AS (
  SELECT * FROM unnest(%s::varchar[], %s::bigint[])
), opened AS (
  INSERT INTO kernel_ledgeraccount (code)
  SELECT code FROM wanted
  WHERE NOT EXISTS (SELECT FROM kernel_ledgeraccount known WHERE known.code = wanted.code)
  ORDER BY code
  ON CONFLICT (code) DO UPDATE SET code = EXCLUDED.code RETURNING id, code
), account AS (
  SELECT id, code FROM opened
  UNION ALL SELECT known.id, known.code FROM kernel_ledgeraccount known JOIN wanted USING (code)
)
INSERT INTO kernel_ledgerentry (transaction_id, account_id, amount_fen)
SELECT posted.id, account.id, wanted.amount_fen FROM posted, wanted JOIN account USING (code)
"""
"""An account that somebody else opens meanwhile is waited for and taken; one that is there is only
read."""


@transaction.atomic
def post(*, kind: str, reference: str, amounts_fen: Mapping[str, int], at: datetime) -> bool:
    """Post one transaction: account code -> fen, summing to zero; False when it was posted before.

    Accounts come to be with their first posting. Queries: 1. Raises: ValueError on a sum that is
    not zero.
    """
    if sum(amounts_fen.values()) != 0 or not any(amounts_fen.values()):
        raise ValueError(f"{kind} {reference} does not sum to zero: {dict(amounts_fen)}")
    moved = {code: amount for code, amount in amounts_fen.items() if amount}
    with connection.cursor() as cursor:
        cursor.execute(POST, [kind, reference, at, list(moved), list(moved.values())])
        return bool(cursor.rowcount)


def balance_of(code: str) -> int:
    """The sum of all entries of an account in fen; 0 for one that was never used."""
    total = LedgerEntry.objects.filter(account__code=code).aggregate(total=Sum("amount_fen"))
    return int(total["total"] or 0)
