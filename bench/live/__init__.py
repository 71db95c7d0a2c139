"""Twelve typical migrations on a shop that is open: `make live-migration` (docs/operations.md)."""
