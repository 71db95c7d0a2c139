"""The operators' screens of members."""
