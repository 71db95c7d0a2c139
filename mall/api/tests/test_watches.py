"""me/watches/: waiting for what is sold out (I-08)."""

import pytest

from catalog.testing import make_sku
from inventory.models import StockWatch
from inventory.services import watch_sku
from inventory.testing import LONG_AGO, make_stock
from mall.api.testing import ApiClient
from members.testing import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    return make_member()


@pytest.fixture
def sold_out():
    return make_stock(sku=make_sku(), on_hand=0).sku


def test_I_08_the_api_takes_lists_and_ends_a_wish(shopper, sold_out):
    client = ApiClient.of(shopper)

    made = client.post_json("me/watches/", {"sku_id": sold_out.pk})
    again = client.post_json("me/watches/", {"sku_id": sold_out.pk})

    assert (made.status_code, again.status_code) == (201, 201)
    rows = client.get_json("me/watches/").json()["results"]
    assert [row["sku_id"] for row in rows] == [sold_out.pk]
    assert client.call("DELETE", f"me/watches/{sold_out.pk}/").status_code == 204
    assert not StockWatch.objects.exists()


def test_the_api_refuses_what_is_there_and_hides_what_is_not(shopper, sold_out):
    client = ApiClient.of(shopper)
    there = make_stock(sku=make_sku()).sku

    refused = client.post_json("me/watches/", {"sku_id": there.pk})
    hidden = client.post_json("me/watches/", {"sku_id": 999_999})

    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.still_in_stock")
    assert hidden.status_code == 404
    assert client.get_json("me/watches/").json()["results"] == []


def test_another_member_s_wish_is_not_mine(shopper, sold_out):
    other = make_member()
    watch_sku(sku_id=sold_out.pk, account_id=other.account_id, at=LONG_AGO)

    answer = ApiClient.of(shopper).call("DELETE", f"me/watches/{sold_out.pk}/")

    assert answer.status_code == 204
    assert StockWatch.objects.get().account_id == other.account_id
