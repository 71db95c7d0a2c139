"""What must hold of the kernel's own tables."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.invariants.auditing import Invariant

INVARIANTS = (
    Invariant(
        "INV-14",
        _("every ledger transaction sums to zero"),
        "SELECT 'ledger transaction ' || transaction_id FROM kernel_ledgerentry"
        " GROUP BY transaction_id HAVING SUM(amount_fen) <> 0",
    ),
    Invariant(
        "INV-31",
        _("no event was given up, none waits for more than an hour"),
        "SELECT name || ' ' || id FROM kernel_outboxevent"
        " WHERE dead_at IS NOT NULL"
        " OR (done_at IS NULL AND written_at < now() - interval '1 hour')",
    ),
)
