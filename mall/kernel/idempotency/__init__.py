"""Keyed calls: the key row, the verb and the stored answer commit in one transaction (api.md,
INV-08)."""

from mall.kernel.idempotency.errors import InFlight, KeyInvalid, KeyRequired, KeyReused
from mall.kernel.idempotency.once import Answer, Key, prune, run_once

__all__ = [
    "Answer",
    "InFlight",
    "Key",
    "KeyInvalid",
    "KeyRequired",
    "KeyReused",
    "prune",
    "run_once",
]
