"""What must never be false, one SQL query each: it returns the rows that break it (reliability.md,
section 1).

An app lists its own in ``<app>/invariants.py``; ``manage.py audit_invariants`` and a nightly task
run all.
"""

from mall.kernel.invariants.auditing import Invariant, Violation, audit, invariants, register
from mall.kernel.invariants.books import INVARIANTS

__all__ = ["INVARIANTS", "Invariant", "Violation", "audit", "invariants", "register"]
