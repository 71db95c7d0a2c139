"""Stores: opened and kept by operators, with a trail. Source: X-56."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from inventory.models import Store, Warehouse
from mall.kernel import audit

TRAILED = ("staff", "latitude", "longitude")
"""Columns that a trail writes its own way."""


@transaction.atomic
def save_store(
    *,
    store: Store,
    changed: Collection[str],
    at: datetime,
    staff: Collection[Any] | None = None,
    actor: Any = None,
) -> Store:
    """Save a new store, with a warehouse of its own, or what is ``changed`` of one.

    ``staff`` are the accounts that work there; None leaves them. Queries: 3 to 9.
    """
    if store.pk is None:
        store.warehouse = _warehouse_of(store)
    store.save()
    if staff is not None:
        store.staff.set(staff)
    after = model_to_dict(store, set(changed) - set(TRAILED))
    if staff is not None:
        after["staff"] = sorted(account.pk for account in staff)
    audit.record(actor=actor, verb="inventory.save_store", target=store, after=after, at=at)
    return store


def _warehouse_of(store: Store) -> Warehouse:
    """The stock of a store: it ships nothing, so it serves no region."""
    return Warehouse.objects.create(
        code=store.code,
        title_zh=store.title_zh,
        title_en=store.title_en or store.title_zh,
        kind=Warehouse.Kind.STORE,
        region_code=store.region_code,
    )
