"""The operators' screens of analytics."""
