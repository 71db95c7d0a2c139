"""Six digits that change every 30 seconds (RFC 6238), and their secret sealed for the table."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet
from django.conf import settings

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
DRIFT = (0, -1, 1)
"""Clocks may be half a minute apart."""


def new_secret() -> bytes:
    """A fresh secret of 160 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(at: datetime) -> int:
    """Which code is shown at this moment, counted since 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The digits of one step."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: bytes, code: str, at: datetime) -> int | None:
    """The step whose code this is, now or half a minute beside it; None for a wrong one."""
    now = step_at(at)
    right = [
        now + drift for drift in DRIFT if hmac.compare_digest(code_of(secret, now + drift), code)
    ]
    return right[0] if right else None


def text_of(secret: bytes) -> str:
    """The secret as apps take it typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def uri_of(secret: bytes, *, account: str, issuer: str) -> str:
    """The secret as apps take it from a picture."""
    query = urlencode({"secret": text_of(secret), "issuer": issuer})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def seal(secret: bytes) -> str:
    """Encrypted under the key of the shop: whoever reads the table learns no code."""
    return _box().encrypt(secret).decode()


def unseal(sealed: str) -> bytes:
    """The secret again. Raises: InvalidToken when SECRET_KEY is another one."""
    return _box().decrypt(sealed.encode())


def _box() -> Fernet:
    key = hashlib.sha256(f"members.totp:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
