"""Stores near a visitor, and what lies in them. Source: X-56, O-34."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F

from inventory.models import StockItem, Store
from inventory.nearness import metres_between
from inventory.routing.places import Point, seat_of
from inventory.selectors.bundles import BUNDLE, bundles_free, of_bundles
from mall.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class NearStore:
    """A store and how far it is, in metres; None when nobody knows where the visitor stands."""

    store: Store
    metres: int | None = None


def stores_near(here: Point | None = None, region_code: str = "") -> list[NearStore]:
    """The stores that are open to the public, the nearest first.

    Without a position, stores of the visitor's own region come first, the others by the way from
    its province. Queries: 1.
    """
    stores = list(Store.objects.open_to_public().select_related("warehouse"))
    seat = here or (seat_of(region_code) if region_code else None)
    if seat is None:
        return [NearStore(store) for store in stores]
    ranked = sorted(stores, key=lambda store: _rank(store, seat, "" if here else region_code))
    return [
        NearStore(store, metres_between(here, spot(store)) if here else None) for store in ranked
    ]


def spot(store: Store) -> Point:
    """Where a store stands."""
    return Point(float(store.latitude), float(store.longitude))


def _rank(store: Store, seat: Point, region_code: str) -> tuple[int, int, str]:
    """Shared leading digits of the region first, then the distance."""
    shared = next((n for n in (6, 4, 2) if region_code[:n] == store.region_code[:n]), 0)
    return -shared if region_code else 0, metres_between(seat, spot(store)), store.code


def store_coded(code: str) -> Store:
    """One store by its code. Queries: 1. Raises: NotFound."""
    found = Store.objects.open_to_public().select_related("warehouse").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def pickup_stores() -> list[Store]:
    """The stores that hand orders over. Queries: 1."""
    stores = Store.objects.open_to_public().filter(offers_pickup=True)
    return list(stores.select_related("warehouse").order_by("code"))


def stores_of_staff(account_id: int, *, every: bool = False) -> list[Store]:
    """The stores where an operator works, or ``every`` one. Queries: 1."""
    stores = Store.objects.filter(is_active=True)
    return list(stores if every else stores.of_staff(account_id))


def store_pieces(
    warehouse_ids: Collection[int], sku_ids: Iterable[int]
) -> dict[int, dict[int, int]]:
    """Free pieces in each of some warehouses, by SKU id; of a bundle, how many its parts make
    there. Queries: 1, none without a warehouse."""
    found: dict[int, dict[int, int]] = {}
    if not warehouse_ids:
        return found
    ids, there = list(sku_ids), StockItem.objects.filter(warehouse__in=warehouse_ids)
    free = F("on_hand") - F("reserved")
    rows = there.of_skus(ids).values_list("warehouse_id", "sku_id").annotate(free=free)
    bundles = bundles_free(there, of_bundles(ids), ["warehouse_id", f"{BUNDLE}_id"])
    for warehouse_id, sku_id, pieces in rows.order_by().union(bundles, all=True):
        found.setdefault(warehouse_id, {})[sku_id] = pieces
    return found
