"""Keys of interfaces: both sides sign with a secret that no table holds.

It is derived from the key's name and the house's own secret, shown once, and known again by its
hash. Source: docs/suppliers.md.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from inventory.errors import SupplierKeyRefused
from inventory.models import Warehouse
from inventory.services import SignedMessage, is_signed_with
from mall.kernel import audit
from members.models import Account
from orders.models import ForwardRoute

SALT = "orders.ForwardRoute"
ROUTE_KEY = "fk_"
"""How keys of interfaces begin; those of suppliers begin otherwise."""


@transaction.atomic
def issue_route_key(*, route_id: int, actor: Account, at: datetime) -> tuple[str, str]:
    """A new key of an interface and its secret, which nobody can ask for again; the old one is
    over. Locks: none, the row is written once."""
    key_id = f"{ROUTE_KEY}{secrets.token_hex(8)}"
    secret = _derived(key_id, settings.SECRET_KEY)
    route = ForwardRoute.objects.get(pk=route_id)
    before, route.key_id, route.secret_hash = route.key_id, key_id, _hash(secret)
    route.save(update_fields=["key_id", "secret_hash"])
    audit.record(
        actor=actor,
        verb="orders.issue_route_key",
        target=route,
        before={"key": before},
        after={"key": key_id},
        at=at,
    )
    return key_id, secret


def secret_of(route: ForwardRoute) -> str:
    """What a route signs with; empty when it has no key, or the house's secret of then is gone."""
    return next(_secrets_of(route), "")


def warehouse_behind(message: SignedMessage, at: datetime) -> Warehouse:
    """Whose interface signed the message. Queries: 1. Raises: SupplierKeyRefused, whatever is
    wrong."""
    routes = ForwardRoute.objects.select_related("warehouse")
    route = routes.filter(key_id=message.key_id[:24], warehouse__is_active=True).first()
    if route is None or not is_signed_with(_secrets_of(route), message, at):
        raise SupplierKeyRefused
    return route.warehouse


def _secrets_of(route: ForwardRoute) -> Iterator[str]:
    if not route.key_id:
        return
    for house in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _derived(route.key_id, house)
        if constant_time_compare(_hash(secret), route.secret_hash):
            yield secret


def _derived(key_id: str, house_secret: str) -> str:
    return salted_hmac(SALT, key_id, secret=house_secret, algorithm="sha256").hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
