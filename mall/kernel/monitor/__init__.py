"""What the worker did: one row per run of a named task, kept for the operators' task list (X-34)."""

from mall.kernel.monitor.signals import connect

__all__ = ["connect"]
