"""Promise and assortment of a region in the API (O-52, C-71)."""

import pytest

from catalog.models import RegionSet
from catalog.testing import make_product, shelve
from inventory.models import Warehouse
from inventory.testing import make_stock, make_warehouse
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member
from orders.testing import make_order

pytestmark = pytest.mark.django_db
LIST = "/api/v1/catalog/products/"
SHANGHAI, URUMQI = "310115004", "650102002"


@pytest.fixture
def rice_wine():
    """In a house of Shanghai, sold in East China only."""
    house = make_warehouse(code="east", region_code="310115", served_prefixes=("31",))
    product = make_product(at=clock.now())
    make_stock(sku=product.skus.get(), on_hand=5, warehouse=house)
    product.sold_in.set(RegionSet.objects.filter(code="east"))
    shelve(product)
    return product


def test_a_product_says_when_it_arrives_and_whether_it_is_sold_there(client, rice_wine):
    url = f"{LIST}{rice_wine.pk}/"

    nowhere = client.get(url).json()
    here = client.get(url, {"region": SHANGHAI}, headers={"accept-language": "en"}).json()
    there = client.get(url, {"region": URUMQI}).json()

    assert (nowhere["arrival"], nowhere["is_sold_there"]) == (None, True)
    assert here["arrival"]["code"] in ("same_day", "next_day")
    assert here["arrival"]["text"].startswith(here["arrival"]["title"])
    assert (there["arrival"], there["is_sold_there"]) == (None, False)
    assert client.get(url, {"region": "99"}).status_code == 400


def test_C_71_lists_of_the_api_keep_to_the_region(client, rice_wine):
    def ids(url, **query):
        return [row["id"] for row in client.get(url, query).json()["results"]]

    assert ids(LIST) == ids(LIST, region=SHANGHAI) == [rice_wine.pk]
    assert ids(LIST, region=URUMQI) == []
    blocks = client.get("/api/v1/catalog/home/", {"region": URUMQI}).json()["blocks"]
    assert [block["kind"] for block in blocks] == ["promises"]
    assert client.get(LIST, {"region": "abc"}).status_code == 400


def test_a_product_asks_as_often_with_a_region_as_without(client, rice_wine):
    url = f"{LIST}{rice_wine.pk}/"

    with count_queries() as plain:
        client.get(url)
    with count_queries() as with_region:
        client.get(url, {"region": SHANGHAI})

    assert len(plain) == len(with_region)


def test_a_quote_and_an_order_say_when_the_goods_arrive():
    member = make_member()
    make_address(member=member)
    order = make_order(member=member, at=clock.now())
    sku_id = order.lines.get().sku_id
    Warehouse.objects.update(served_prefixes=["33"])
    body = {"lines": [{"sku_id": sku_id, "quantity": 1}], "region_code": order.region_code}
    client = ApiClient.of(member)

    quoted = client.post_json("checkout/quote/", body).json()
    shown = client.get_json(f"orders/{order.number}/").json()

    assert quoted["promise"] == quoted["arrival"]["text"]
    assert shown["arrival"]["code"] in ("same_day", "next_day")
    del body["region_code"]
    plain = client.post_json("checkout/quote/", body).json()
    assert (plain["promise"], plain["arrival"]) == (None, None)


def test_C_71_a_quote_for_another_region_is_refused_by_name(rice_wine):
    body = {"lines": [{"sku_id": rice_wine.skus.get().pk, "quantity": 1}], "region_code": URUMQI}

    answer = ApiClient().post_json("checkout/quote/", body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "orders.not_sold_there"
    assert "新疆维吾尔自治区乌鲁木齐市" in answer.json()["detail"]
