"""The operators' screens of promotions."""
