"""The envelope of a WeChat Pay v3 notice: RSA-SHA256 over the whole, AES-256-GCM around the
facts."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mall.kernel import clock
from orders.providers.base import NoticeRefused
from orders.providers.sandbox.keys import Keys

WINDOW_SECONDS = 300
ALGORITHM = "AEAD_AES_256_GCM"
HEADERS = ("wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One notice as it travels."""

    headers: Mapping[str, str]
    body: bytes


def seal(keys: Keys, facts: Mapping[str, Any], *, event: str, at: datetime) -> Envelope:
    """Encrypt ``facts``, sign the body, date it ``at``."""
    nonce = secrets.token_hex(6)
    resource = {
        "original_type": "transaction",
        "algorithm": ALGORITHM,
        "associated_data": "transaction",
        "nonce": nonce,
        "ciphertext": base64.b64encode(
            AESGCM(keys.api_key).encrypt(nonce.encode(), json.dumps(facts).encode(), b"transaction")
        ).decode(),
    }
    body = json.dumps(
        {
            "id": secrets.token_hex(16),
            "create_time": at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "event_type": event,
            "resource_type": "encrypt-resource",
            "resource": resource,
        }
    ).encode()
    timestamp, stamp = str(int(at.timestamp())), secrets.token_hex(16)
    signature = keys.private.sign(
        _message(timestamp, stamp, body), padding.PKCS1v15(), hashes.SHA256()
    )
    values = (timestamp, stamp, base64.b64encode(signature).decode(), keys.serial)
    return Envelope(dict(zip(HEADERS, values, strict=True)), body)


def unseal(
    keys: Keys, headers: Mapping[str, str], body: bytes, *, at: datetime
) -> tuple[str, dict[str, Any]]:
    """Verify and decrypt: the notice's id and its facts. Raises: NoticeRefused."""
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        timestamp, nonce, signature, serial = (lowered[name] for name in HEADERS)
    except KeyError as error:
        raise NoticeRefused("header_missing") from error
    if serial != keys.serial:
        raise NoticeRefused("serial_unknown")
    _check_time(timestamp, at)
    try:
        keys.private.public_key().verify(
            base64.b64decode(signature, validate=True),
            _message(timestamp, nonce, body),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NoticeRefused("signature_wrong") from error
    return _open(keys, body)


def _check_time(timestamp: str, at: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NoticeRefused("timestamp_wrong")
    if abs(int(timestamp) - at.timestamp()) > WINDOW_SECONDS:
        raise NoticeRefused("timestamp_old")


def _message(timestamp: str, nonce: str, body: bytes) -> bytes:
    return b"%s\n%s\n%s\n" % (timestamp.encode(), nonce.encode("utf-8", "replace"), body)


def _open(keys: Keys, body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        notice = json.loads(body)
        resource = notice["resource"]
        if resource["algorithm"] != ALGORITHM:
            raise NoticeRefused("algorithm_unknown")
        plain = AESGCM(keys.api_key).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"], validate=True),
            resource["associated_data"].encode(),
        )
        facts = json.loads(plain)
        notice_id = str(notice["id"])[:64]
    except InvalidTag as error:
        raise NoticeRefused("resource_wrong") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoticeRefused("body_malformed") from error
    if not isinstance(facts, dict):
        raise NoticeRefused("body_malformed")
    return notice_id, facts
