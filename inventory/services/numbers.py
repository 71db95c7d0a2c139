"""Numbers of documents: a prefix, a Shanghai day and six random letters."""

import secrets
from datetime import datetime

from mall.kernel import clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that is taken for another."""
RANDOM_LETTERS = 6


def document_number(prefix: str, at: datetime) -> str:
    """A number such as PO20261122K7M2Q9."""
    letters = "".join(secrets.choice(ALPHABET) for _n in range(RANDOM_LETTERS))
    return f"{prefix}{clock.day_of(at):%Y%m%d}{letters}"
