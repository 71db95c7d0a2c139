"""Which warehouse serves an order and when it arrives. Pure: no Django in this package."""

from inventory.routing.houses import House, Policy, Shelf
from inventory.routing.kits import Kit, Kits, units_of
from inventory.routing.places import Point, is_same_city, km_between
from inventory.routing.planning import Pick, Plan, Scattered, Shortage, plan
from inventory.routing.promising import Promise, promise, promise_of, promises_of, slowest
from inventory.routing.ranking import Standing, ranked, standing

__all__ = [
    "House",
    "Kit",
    "Kits",
    "Pick",
    "Plan",
    "Point",
    "Policy",
    "Promise",
    "Scattered",
    "Shelf",
    "Shortage",
    "Standing",
    "is_same_city",
    "km_between",
    "plan",
    "promise",
    "promise_of",
    "promises_of",
    "ranked",
    "slowest",
    "standing",
    "units_of",
]
