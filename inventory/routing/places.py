"""How far a warehouse is from an address. Pure.

Addresses are known by region code only, so a distance is measured from the seat of the address's
province; inside one city it is nothing. Good enough to rank warehouses, no navigation.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371
FAR_KM = 10_000
"""Between places of which one is unknown: farther than any in China."""

COUNTIES = "90"
"""Third and fourth digit of counties right under a province: neighbours in code, not on the map."""


class Point(NamedTuple):
    """Degrees."""

    latitude: float
    longitude: float


SEATS = {
    "11": Point(39.90, 116.41),
    "12": Point(39.13, 117.20),
    "13": Point(38.04, 114.51),
    "14": Point(37.87, 112.55),
    "15": Point(40.84, 111.75),
    "21": Point(41.80, 123.43),
    "22": Point(43.82, 125.32),
    "23": Point(45.80, 126.53),
    "31": Point(31.23, 121.47),
    "32": Point(32.06, 118.80),
    "33": Point(30.27, 120.15),
    "34": Point(31.82, 117.23),
    "35": Point(26.07, 119.30),
    "36": Point(28.68, 115.86),
    "37": Point(36.65, 117.12),
    "41": Point(34.75, 113.62),
    "42": Point(30.59, 114.31),
    "43": Point(28.23, 112.94),
    "44": Point(23.13, 113.26),
    "45": Point(22.82, 108.37),
    "46": Point(20.04, 110.32),
    "50": Point(29.56, 106.55),
    "51": Point(30.57, 104.07),
    "52": Point(26.65, 106.63),
    "53": Point(25.04, 102.72),
    "54": Point(29.65, 91.14),
    "61": Point(34.34, 108.94),
    "62": Point(36.06, 103.83),
    "63": Point(36.62, 101.78),
    "64": Point(38.49, 106.23),
    "65": Point(43.83, 87.62),
    "71": Point(25.03, 121.57),
    "81": Point(22.32, 114.17),
    "82": Point(22.20, 113.54),
}
"""The seat of each province, by the first two digits of a region code."""


def seat_of(region_code: str) -> Point | None:
    """Where a region's province is governed from; None for an unknown one."""
    return SEATS.get(region_code[:2])


def is_same_city(one: str, other: str) -> bool:
    """True for two region codes of one city; counties under a province are cities of their own."""
    digits = 6 if one[2:4] == COUNTIES else 4
    return len(one) >= digits and one[:digits] == other[:digits]


def km_between(region_code: str, home_code: str, home: Point | None) -> int:
    """Whole kilometres from a warehouse (its region, its point if known) to an address."""
    if is_same_city(region_code, home_code):
        return 0
    here, there = seat_of(region_code), home or seat_of(home_code)
    if here is None or there is None:
        return FAR_KM
    return round(great_circle_km(here, there))


def great_circle_km(one: Point, other: Point) -> float:
    """The distance over the ground between two points."""
    lat, lng = radians(one.latitude), radians(one.longitude)
    to_lat, to_lng = radians(other.latitude), radians(other.longitude)
    half = sin((to_lat - lat) / 2) ** 2
    half += cos(lat) * cos(to_lat) * sin((to_lng - lng) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1, sqrt(half)))
