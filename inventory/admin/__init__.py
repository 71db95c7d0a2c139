"""The operators' screens of inventory."""
