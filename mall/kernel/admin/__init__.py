"""The base of every operator screen: verbs instead of saves, masked columns, append-only ledgers."""

from mall.kernel.admin.actions import run_verb
from mall.kernel.admin.base import MallAdmin, MallTabularInline, ReadOnlyAdmin, ReadOnlyInline

__all__ = ["MallAdmin", "MallTabularInline", "ReadOnlyAdmin", "ReadOnlyInline", "run_verb"]
