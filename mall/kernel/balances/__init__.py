"""Every stored balance beside what its ledger says: rebuilt by SQL, compared, never mended.

An app lists its own in ``<app>/balances.py``; ``manage.py reconcile`` and the nightly judge compare
all, one query each, however many rows there are. Source: issue "Nothing oversold", Judge.
"""

from mall.kernel.balances.comparing import (
    Balance,
    Comparison,
    Difference,
    Unit,
    balances,
    compare,
)

__all__ = ["Balance", "Comparison", "Difference", "Unit", "balances", "compare"]
