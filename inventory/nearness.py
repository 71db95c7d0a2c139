"""How far a visitor is from a store. Pure. Source: X-56."""

from inventory.routing.places import Point, great_circle_km

METRES = 1000


def metres_between(here: Point, there: Point) -> int:
    """The distance over the ground, good to half a percent."""
    return round(great_circle_km(here, there) * METRES)


def point_of(latitude: str, longitude: str) -> Point | None:
    """A point out of what a visitor sent, None for what is none."""
    try:
        point = Point(float(latitude), float(longitude))
    except ValueError:
        return None
    is_on_earth = -90 <= point.latitude <= 90 and -180 <= point.longitude <= 180
    return point if is_on_earth else None
