"""What the engine refuses to price, as plain exceptions; rooms above make shop errors of them."""

from collections.abc import Mapping
from typing import ClassVar

Fact = int | str | tuple[str, ...]


class PriceRefusal(Exception):
    """The basket asks for something the rules do not allow. ``facts`` say what would be."""

    code: ClassVar[str]

    def __init__(self, **facts: Fact) -> None:
        self.facts: Mapping[str, Fact] = facts
        super().__init__(f"{self.code} {facts}")


class PointsOverCap(PriceRefusal):
    """More points asked than the shopper or the cap allows. Facts: asked, max_points."""

    code = "points_over_cap"

    def __init__(self, *, asked: int, max_points: int) -> None:
        self.max_points = max_points
        PriceRefusal.__init__(self, asked=asked, max_points=max_points)


class PointsNotInUnits(PriceRefusal):
    """Points are spent in whole units only. Facts: asked, unit."""

    code = "points_not_in_units"

    def __init__(self, *, asked: int, unit: int) -> None:
        self.unit = unit
        PriceRefusal.__init__(self, asked=asked, unit=unit)


class CouponRefused(PriceRefusal):
    """A chosen coupon cannot be used. Facts: grant_id, reason_code and the reason's own."""

    code = "coupon_refused"

    def __init__(self, *, grant_id: int, reason_code: str, facts: Mapping[str, Fact]) -> None:
        self.grant_id = grant_id
        self.reason_code = reason_code
        PriceRefusal.__init__(self, grant_id=grant_id, reason_code=reason_code, **facts)


class Undeliverable(PriceRefusal):
    """Some lines are not sent to the region. Facts: line_keys, region_code."""

    code = "undeliverable"

    def __init__(self, *, line_keys: tuple[str, ...], region_code: str) -> None:
        self.line_keys = line_keys
        PriceRefusal.__init__(self, line_keys=line_keys, region_code=region_code)


class OfferRefused(PriceRefusal):
    """Lines were put in for an activity price that no live rule gives. Facts: line_keys."""

    code = "offer_refused"

    def __init__(self, *, line_keys: tuple[str, ...]) -> None:
        self.line_keys = line_keys
        PriceRefusal.__init__(self, line_keys=line_keys)
