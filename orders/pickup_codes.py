"""One-time codes of pick-ups: ten digits that only their buyer sees.

A code is drawn from the pick-up's random nonce with a key of the process, and found again by a
keyed digest: whoever reads the table learns no code. Retired keys (SECRET_KEY_FALLBACKS) keep
opening what they closed. Source: O-34.
"""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import salted_hmac

from orders.models import Pickup

DIGITS = 10
DRAW, FIND = "orders.pickup.draw", "orders.pickup.find"


def new_nonce() -> str:
    """What a code is drawn from: 128 random bits."""
    return secrets.token_hex(16)


def drawn(nonce: str, key: str | bytes | None = None) -> str:
    """The code that a nonce leads to."""
    digest = salted_hmac(DRAW, nonce, secret=key, algorithm="sha256").digest()
    return str(int.from_bytes(digest, "big") % 10**DIGITS).zfill(DIGITS)


def digest_of(code: str, key: str | bytes | None = None) -> str:
    """What is stored of a code."""
    return salted_hmac(FIND, code, secret=key, algorithm="sha256").hexdigest()


def digests_of(code: str) -> list[str]:
    """The digest under each key that may have closed it, the newest first."""
    return [digest_of(code, key) for key in _keys()]


def code_of(pickup: Pickup) -> str:
    """The code of a pick-up, for its buyer; empty when its key is gone. Runs no query."""
    for key in _keys():
        code = drawn(pickup.nonce, key)
        if digest_of(code, key) == pickup.code_hash:
            return code
    return ""


def normal_code(text: str) -> str:
    """A code as it is typed, with spaces or without; empty for what is none."""
    digits = "".join(text.split())
    is_code = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return digits if is_code else ""


def _keys() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS
