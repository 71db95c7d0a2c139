"""Keys of the stock door: a supplier signs each message with a secret that we do not store.

The secret is derived from the key's name and the house's own secret, shown once, and checked
against the hash we kept; so the tables hold nothing that signs. Source: I-32.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from inventory.errors import SupplierKeyRefused
from inventory.models import Supplier, SupplierKey
from mall.kernel import audit

SALT = "inventory.SupplierKey"
WINDOW = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """What the headers and the request line say of a body."""

    key_id: str
    timestamp: str
    signature: str
    method: str
    path: str
    body: bytes


@transaction.atomic
def issue_supplier_key(
    *, supplier_id: int, at: datetime, actor: Any = None
) -> tuple[SupplierKey, str]:
    """A new key and its secret, which nobody can ask for again; older keys go on working."""
    key_id = f"sk_{secrets.token_hex(8)}"
    secret = _derived(key_id, settings.SECRET_KEY)
    key = SupplierKey.objects.create(
        supplier_id=supplier_id, key_id=key_id, secret_hash=_hash(secret), made_at=at, made_by=actor
    )
    _record(key, "inventory.issue_supplier_key", at, actor)
    return key, secret


@transaction.atomic
def end_supplier_key(*, key_id: str, at: datetime, actor: Any = None) -> bool:
    """From now on nothing signed with it is taken; False when it had ended already."""
    if not SupplierKey.objects.filter(key_id=key_id, ended_at=None).update(ended_at=at):
        return False
    _record(SupplierKey.objects.get(key_id=key_id), "inventory.end_supplier_key", at, actor)
    return True


def supplier_behind(message: SignedMessage, at: datetime) -> Supplier:
    """Who signed the message. Queries: 1. Raises: SupplierKeyRefused, whatever is wrong."""
    key = (
        SupplierKey.objects.select_related("supplier")
        .filter(key_id=message.key_id[:24], ended_at=None, supplier__status=Supplier.Status.ACTIVE)
        .first()
    )
    if key is None or not is_signed_with(_secrets_of(key), message, at):
        raise SupplierKeyRefused
    return key.supplier


def is_signed_with(secrets_: Iterable[str], message: SignedMessage, at: datetime) -> bool:
    """True when the message is of this moment and one of the secrets made its signature."""
    stamp = message.timestamp
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(at.timestamp() - int(stamp)) > WINDOW.total_seconds():
        return False
    return any(
        constant_time_compare(
            signature_of(
                secret,
                method=message.method,
                path=message.path,
                timestamp=stamp,
                body=message.body,
            ),
            message.signature,
        )
        for secret in secrets_
    )


def signature_of(secret: str, *, method: str, path: str, timestamp: str, body: bytes) -> str:
    """What a supplier puts into its header: HMAC-SHA256 over four lines, in hexadecimal."""
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join((method, path, timestamp, digest))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _secrets_of(key: SupplierKey) -> Iterator[str]:
    """The key's secret, under the house's present secret or one it had before."""
    for house in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derived(key.key_id, house)
        if constant_time_compare(_hash(secret), key.secret_hash):
            yield secret


def _derived(key_id: str, house_secret: str) -> str:
    return salted_hmac(SALT, key_id, secret=house_secret, algorithm="sha256").hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(key: SupplierKey, verb: str, at: datetime, actor: Any) -> None:
    audit.record(actor=actor, verb=verb, target=key.supplier, after={"key": key.key_id}, at=at)
