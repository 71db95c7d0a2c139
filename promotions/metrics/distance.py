"""How far two points of the earth are apart. Source: requirement P-13 (附近3km)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_008.8  # the mean radius of the ellipsoid (IUGG)


@dataclass(frozen=True, slots=True)
class Position:
    """A point in degrees, north and east positive."""

    latitude: Decimal
    longitude: Decimal

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("no such point on the earth")


def metres_between(here: Position, there: Position) -> int:
    """The great-circle distance in whole metres (haversine), half a per cent off at most."""
    north, south = radians(here.latitude), radians(there.latitude)
    turn = radians(there.longitude) - radians(here.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(turn / 2) ** 2
    return round(2 * EARTH_METRES * asin(min(1.0, sqrt(half))))
