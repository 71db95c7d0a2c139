"""The operators' screens of orders."""
