"""What must never be false, one SQL query each: it returns the rows that break it (reliability.md, section 1).

An app lists its own in ``<app>/invariants.py``; ``manage.py audit_invariants`` and a nightly task run all.
"""

from mall.kernel.invariants.auditing import Invariant, Violation, audit, invariants, register

INVARIANTS = (
    Invariant(
        "INV-14",
        "every ledger transaction sums to zero",
        "SELECT 'ledger transaction ' || transaction_id FROM kernel_ledgerentry"
        " GROUP BY transaction_id HAVING SUM(amount_fen) <> 0",
    ),
    Invariant(
        "INV-31",
        "no event was given up, none waits for more than an hour",
        "SELECT name || ' ' || id FROM kernel_outboxevent"
        " WHERE dead_at IS NOT NULL OR (done_at IS NULL AND at < now() - interval '1 hour')",
    ),
)

__all__ = ["INVARIANTS", "Invariant", "Violation", "audit", "invariants", "register"]
