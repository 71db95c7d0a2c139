from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotions.metrics import Position, is_held_back, metres_between

WEST_LAKE = Position(Decimal("30.246100"), Decimal("120.155100"))


def north_of(position, metres):
    """A point so many metres due north: a degree of latitude is 111,195 m on the mean sphere."""
    degrees = Decimal(metres) / Decimal("111195.08")
    return Position(position.latitude + degrees, position.longitude)


@pytest.mark.parametrize("metres", [0, 1, 100, 2_900, 3_000, 3_100, 100_000])
def test_a_walk_due_north_is_as_long_as_it_is(metres):
    assert abs(metres_between(WEST_LAKE, north_of(WEST_LAKE, metres)) - metres) <= 1


def test_beijing_to_shanghai_is_a_thousand_kilometres():
    beijing = Position(Decimal("39.904200"), Decimal("116.407400"))
    shanghai = Position(Decimal("31.230400"), Decimal("121.473700"))

    assert 1_060_000 < metres_between(beijing, shanghai) < 1_075_000


def test_the_antipode_is_half_the_way_round():
    here, there = Position(Decimal(0), Decimal(0)), Position(Decimal(0), Decimal(180))

    assert metres_between(here, there) == 20_015_114


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (-91, 0), (0, 181), (0, -181)])
def test_points_off_the_earth_are_refused(latitude, longitude):
    with pytest.raises(ValueError, match="earth"):
        Position(Decimal(latitude), Decimal(longitude))


degrees = st.decimals(-90, 90, places=6)


@given(degrees, degrees, degrees, degrees)
def test_the_way_back_is_as_long_as_the_way_there(a, b, c, d):
    here, there = Position(a, b), Position(c, d)

    assert metres_between(here, there) == metres_between(there, here) >= 0


@pytest.mark.parametrize("share_bp", [0, 500, 1_000, 5_000, 10_000])
def test_the_share_held_back_is_the_share_asked_for(share_bp):
    held = sum(is_held_back("coupon:7", member_id, share_bp) for member_id in range(20_000))

    assert abs(held - share_bp * 2) <= 200


@given(st.text(max_size=20), st.integers(1, 10**12), st.integers(0, 9_999))
def test_who_is_held_back_stays_so_when_more_are(salt, member_id, share_bp):
    if is_held_back(salt, member_id, share_bp):
        assert is_held_back(salt, member_id, share_bp + 1)


def test_two_coupons_hold_back_different_people():
    both = sum(
        is_held_back("coupon:1", member_id, 1_000) and is_held_back("coupon:2", member_id, 1_000)
        for member_id in range(20_000)
    )

    assert 120 <= both <= 280


def test_no_share_is_more_than_all():
    with pytest.raises(ValueError, match="share"):
        is_held_back("coupon:1", 1, 10_001)
