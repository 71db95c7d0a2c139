"""Double-entry book of the shop's money: every transaction sums to zero, nothing is ever changed.

Accounts are named by code ("provider:sandbox", "sales", "wallet:17"); a posting is unique by kind
and
reference, so a replay posts nothing. The zero sum is held by a deferred trigger (INV-14).
"""

from mall.kernel.ledger.posting import balance_of, post

__all__ = ["balance_of", "post"]
