"""What every table and verb needs of PostgreSQL: ordered locks, retries, money columns, safe
text."""

from mall.kernel.db.appending import append, appended_together
from mall.kernel.db.changing import change_row
from mall.kernel.db.fields import BpField, FenField, PercentFormField, SafeJSONField
from mall.kernel.db.inserting import create_rows, create_unless_taken
from mall.kernel.db.locking import LockableQuerySet, advisory_key, advisory_lock, atomic_retry
from mall.kernel.db.prepared import Prepared, Replanned
from mall.kernel.db.text import MAX_JSON_DEPTH, refuse_unsafe_text, safe_json, unsafe_reason
from mall.kernel.db.triggers import AppendOnly

__all__ = [
    "MAX_JSON_DEPTH",
    "AppendOnly",
    "BpField",
    "FenField",
    "LockableQuerySet",
    "PercentFormField",
    "Prepared",
    "Replanned",
    "SafeJSONField",
    "advisory_key",
    "advisory_lock",
    "append",
    "appended_together",
    "atomic_retry",
    "change_row",
    "create_rows",
    "create_unless_taken",
    "refuse_unsafe_text",
    "safe_json",
    "unsafe_reason",
]
