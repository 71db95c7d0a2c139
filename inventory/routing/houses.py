"""Warehouses and what is free in them, as routing sees them. Pure."""

from dataclasses import dataclass
from datetime import time

from inventory.routing.places import Point

NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class House:
    """One warehouse. ``next_day_until`` is the cut-off of its pair with the city asked for."""

    id: int
    code: str
    region_code: str
    prefixes: tuple[str, ...] = ()
    priority: int = 10
    is_supplier: bool = False
    makes_bundles: bool = True
    point: Point | None = None
    parcel_cost_fen: int = 0
    cut_off: time = NOON
    next_day_until: time | None = None

    def match(self, region_code: str) -> int:
        """Digits of the longest served prefix that the address begins with; 0: not served."""
        return max((len(p) for p in self.prefixes if region_code.startswith(p)), default=0)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Free pieces of one SKU in one warehouse, or of what an activity holds there."""

    item_id: int
    sku_id: int
    free: int
    house: House


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts when a warehouse is chosen; ``prefer`` among those that serve equally well."""

    prefer: str = "nearest"
    whole_order_first: bool = True
    max_parcels: int = 3
    promise_hours: int = 72
