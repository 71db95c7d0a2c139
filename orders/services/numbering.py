"""Numbers that cannot be guessed: a Shanghai day and ten random letters (INV-07)."""

import secrets
from datetime import datetime

from mall.kernel import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that is taken for another."""
RANDOM_LETTERS = 10


def new_number(at: datetime, prefix: str = "") -> str:
    """A number such as 20261122K7M2Q9TZ4A: 50 random bits a day, fit for WeChat (6 to 32
    letters)."""
    letters = "".join(secrets.choice(ALPHABET) for _n in range(RANDOM_LETTERS))
    return f"{prefix}{clock.day_of(at):%Y%m%d}{letters}"
