"""Which warehouse comes first for an address. Pure. Source: requirements O-29, I-16.

Our own before suppliers', then those that serve the region most closely, then distance, priority,
cost of a parcel and promise; the policy may put one of these four before the others.
"""

from dataclasses import dataclass

from inventory.routing.houses import House, Policy
from inventory.routing.places import is_same_city, km_between

NEAREST, PRIORITY, CHEAPEST, FASTEST = "nearest", "priority", "cheapest", "fastest"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a warehouse stands to an address; what the log says of it."""

    house: House
    match: int
    km: int
    speed: int

    def as_json(self) -> dict[str, object]:
        """The facts that ranked it, by name."""
        return {
            "id": self.house.id,
            "code": self.house.code,
            "match": self.match,
            "km": self.km,
            "priority": self.house.priority,
            "cost_fen": self.house.parcel_cost_fen,
            "is_supplier": self.house.is_supplier,
        }


def standing(house: House, region_code: str) -> Standing:
    """Measure one warehouse against an address; without one none is nearer than another."""
    km = km_between(region_code, house.region_code, house.point) if region_code else 0
    return Standing(house, house.match(region_code), km, _speed(house, region_code))


def ranked(houses: list[House], region_code: str, policy: Policy) -> list[Standing]:
    """The warehouses in the order in which they are asked for goods."""
    standings = [standing(house, region_code) for house in houses]
    return sorted(standings, key=lambda one: _key(one, policy.prefer))


def _key(one: Standing, prefer: str) -> tuple[int, ...]:
    measures = {
        NEAREST: one.km,
        PRIORITY: one.house.priority,
        CHEAPEST: one.house.parcel_cost_fen,
        FASTEST: one.speed,
    }
    first = measures.pop(prefer, 0)
    return (int(one.house.is_supplier), -one.match, first, *measures.values(), one.house.id)


def _speed(house: House, region_code: str) -> int:
    """0 in its own city, 1 to a next-day city, 2 elsewhere: the kind of promise, not the hour."""
    if is_same_city(region_code, house.region_code):
        return 0
    return 2 if house.next_day_until is None else 1
