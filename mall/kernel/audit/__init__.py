"""Who did what to which thing: one row per operator verb, in its transaction, never changed
(INV-30)."""

from mall.kernel.audit.recording import entry, record

__all__ = ["entry", "record"]
