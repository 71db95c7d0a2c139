"""Where our stores are, for the mini-program: a place that is none is refused, not passed over."""

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", ["lat=abc&lng=1", "lat=91&lng=0", "lat=30.2", "lat=nan&lng=1"])
def test_a_place_that_is_none_is_refused(place):
    answer = APIClient().get(f"/api/v1/stores/?{place}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "lat"


@pytest.mark.parametrize("place", ["", "?lat=30.25&lng=120.16", "?region_code=330106"])
def test_a_place_or_none_at_all_lists_the_stores(place):
    assert APIClient().get(f"/api/v1/stores/{place}").status_code == 200
