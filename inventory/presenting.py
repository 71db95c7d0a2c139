"""Dicts of api.md out of stores: one language, no query. API and pages share them."""

from typing import Any

from inventory.models import Store
from inventory.selectors import NearStore
from mall.kernel import regions
from mall.kernel.words import localized


def store_dict(store: Store, *, metres: int | None = None) -> dict[str, Any]:
    """The store of api.md."""
    return {
        "id": store.pk,
        "code": store.code,
        "title": localized(store, "title"),
        "region_names": regions.full_name(store.region_code),
        "address": localized(store, "address"),
        "latitude": float(store.latitude),
        "longitude": float(store.longitude),
        "hours": localized(store, "hours"),
        "phone": store.phone,
        "events": localized(store, "events"),
        "pickup": store.offers_pickup,
        "distance_m": metres,
    }


def near_store_dict(near: NearStore) -> dict[str, Any]:
    """A store with how far it is."""
    return store_dict(near.store, metres=near.metres)
