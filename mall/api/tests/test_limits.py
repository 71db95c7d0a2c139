"""So many requests a minute, counted by one number; a cache that is away counts nobody out."""

import pytest

from mall.api.base import Throttle
from mall.api.testing import ApiClient
from members.testing import make_member

pytestmark = pytest.mark.django_db
PATH = "me/addresses/"


@pytest.fixture(autouse=True)
def _two_a_minute(monkeypatch):
    monkeypatch.setattr(Throttle, "THROTTLE_RATES", {"browse": "2/min", "write": "2/min"})


def looks(client, number):
    return [client.get_json(PATH) for _n in range(number)]


def test_what_is_too_much_waits_for_the_next_minute():
    client = ApiClient.of(make_member())

    answers = looks(client, 4)

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[-1].json()["code"] == "kernel.too_many"
    assert 50 <= int(answers[-1]["Retry-After"]) <= 61


def test_each_account_and_each_address_has_a_minute_of_its_own():
    one, other = ApiClient.of(make_member()), ApiClient.of(make_member())
    looks(one, 3)

    assert [answer.status_code for answer in looks(other, 2)] == [200, 200]
    strangers = [
        ApiClient(REMOTE_ADDR=address).get_json("catalog/products/").status_code
        for address in ("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2")
    ]
    assert strangers == [200, 200, 429, 200]


def test_without_a_cache_nobody_is_counted_out(no_cache):
    client = ApiClient.of(make_member())

    assert [answer.status_code for answer in looks(client, 4)] == [200] * 4
