"""The operators' screens of catalog."""
