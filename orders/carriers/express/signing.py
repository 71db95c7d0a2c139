"""How both sides sign: HMAC-SHA256 over time, nonce, path and body, valid for five minutes."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from orders.carriers.base import PushRefused

WINDOW_SECONDS = 300
KEY, TIMESTAMP, NONCE, SIGNATURE = (
    "x-express-key", "x-express-timestamp", "x-express-nonce", "x-express-signature",
)  # fmt: skip


def sign(secret: str, *, timestamp: str, nonce: str, path: str, body: bytes) -> str:
    """The signature of one message; ``path`` is empty for answers and call-backs."""
    text = f"{timestamp}\n{nonce}\n{path}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed_headers(
    key: str, secret: str, *, path: str, body: bytes, at: datetime
) -> dict[str, str]:
    """What goes along with a message."""
    timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(12)
    return {
        KEY: key,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: sign(secret, timestamp=timestamp, nonce=nonce, path=path, body=body),
    }


def check(
    key: str,
    secret: str,
    headers: Mapping[str, str],
    *,
    path: str,
    body: bytes,
    at: datetime,
) -> None:
    """Raises: PushRefused with the reason when a message is not from the one who has the secret,
    or is too old."""
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        theirs, timestamp, nonce, signature = (
            lowered[name] for name in (KEY, TIMESTAMP, NONCE, SIGNATURE)
        )
    except KeyError as error:
        raise PushRefused("header_missing") from error
    if theirs != key:
        raise PushRefused("key_unknown")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise PushRefused("timestamp_wrong")
    if abs(int(timestamp) - at.timestamp()) > WINDOW_SECONDS:
        raise PushRefused("timestamp_old")
    ours = sign(secret, timestamp=timestamp, nonce=nonce[:64], path=path, body=body)
    if not hmac.compare_digest(ours.encode(), signature.encode("utf-8", "replace")):
        raise PushRefused("signature_wrong")
