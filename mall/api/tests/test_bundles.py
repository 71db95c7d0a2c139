"""Bundles at the doors: what product, cart, quote and order say of the parts, and what that costs.
C-13."""

import pytest

from catalog.models import Sku
from catalog.testing import make_bundle
from inventory.models import StockItem
from inventory.testing import make_stock
from mall.api.testing import ApiClient
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member
from orders.services import CartOwner, add_line
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    member = make_member()
    make_address(member=member)
    return member


def bundle_of(parts, on_hand=5):
    return make_bundle({make_stocked_sku(on_hand=on_hand): 1 for _n in range(parts)})


def place(member, skus, *, from_cart=False):
    """Place one order of these SKUs; returns how many statements that took."""
    client = ApiClient.of(member)
    body = {"address_id": member.addresses.get().pk}
    if from_cart:
        for sku in skus:
            add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)
        body["cart"] = True
    else:
        body["lines"] = [{"sku_id": sku.pk, "quantity": 1} for sku in skus]
    body["quote_hash"] = client.post_json("checkout/quote/", body).json()["quote_hash"]
    with count_queries() as statements:
        answer = client.post_json("orders/", body, key=f"key-{skus[0].pk}-{from_cart}")
    assert answer.status_code == 201, answer.content
    return len(statements)


def test_C_13_a_product_page_of_the_api_shows_stock_3_of_5_and_3_and_the_parts(shopper):
    a, b = make_stocked_sku(on_hand=5), make_stocked_sku(on_hand=3)
    bundle = make_bundle({a: 1, b: 1})
    client = ApiClient.of(shopper)

    sku = client.get_json(f"catalog/products/{bundle.product_id}/").json()["skus"][0]

    assert sku["available"] == 3
    assert [(part["sku_id"], part["quantity"]) for part in sku["parts"]] == [(a.pk, 1), (b.pk, 1)]
    assert all(part["image"]["url"] for part in sku["parts"])

    place(shopper, [bundle])

    sku = client.get_json(f"catalog/products/{bundle.product_id}/").json()["skus"][0]
    assert sku["available"] == 2
    free = {item.sku_id: item.available for item in StockItem.objects.all()}
    assert free == {a.pk: 4, b.pk: 2}


def test_cart_quote_and_order_name_the_parts_of_a_bundle_and_none_of_other_goods(shopper):
    bundle, plain = bundle_of(2), make_stocked_sku()
    client = ApiClient.of(shopper)
    body = {"address_id": shopper.addresses.get().pk}
    body["lines"] = [{"sku_id": sku.pk, "quantity": 1} for sku in (bundle, plain)]

    cart = client.post_json("cart/lines/", {"sku_id": bundle.pk, "quantity": 1}).json()
    quote = client.post_json("checkout/quote/", body).json()
    body["quote_hash"] = quote["quote_hash"]
    order = client.post_json("orders/", body, key="key-parts-of-a-bundle").json()

    assert [len(line["parts"]) for line in cart["lines"]] == [2]
    for shape in (quote, order):
        assert [len(line["parts"]) for line in shape["lines"]] == [2, 0]


@pytest.mark.parametrize("from_cart", [False, True])
def test_bundles_cost_a_statement_at_most_whatever_the_lines_and_parts(shopper, from_cart):
    plain = place(shopper, [make_stocked_sku()], from_cart=from_cart)
    few = place(shopper, [bundle_of(2)], from_cart=from_cart)
    many = place(shopper, [bundle_of(6) for _n in range(8)], from_cart=from_cart)

    assert few == many == plain + from_cart


def test_a_product_of_fifty_bundles_costs_what_one_costs(shopper):
    few, many = bundle_of(2), bundle_of(2)
    for number in range(49):
        sku = Sku.objects.create(
            product=many.product,
            code=f"MANY-{number}",
            options_key=str(number),
            price_fen=9_900,
            list_price_fen=9_900,
            is_bundle=True,
        )
        sku.bundle_parts.create(part=make_stocked_sku())
    client = ApiClient.of(shopper)

    def statements(product_id):
        with count_queries() as counted:
            assert client.get_json(f"catalog/products/{product_id}/").status_code == 200
        return len(counted)

    statements(few.product_id)
    assert statements(few.product_id) == statements(many.product_id)


def test_stock_that_comes_in_for_a_part_comes_in_for_its_bundle(shopper):
    a, b = make_stocked_sku(on_hand=1), make_stocked_sku(on_hand=1)
    bundle = make_bundle({a: 2, b: 1})
    client = ApiClient.of(shopper)
    assert client.get_json(f"catalog/products/{bundle.product_id}/").json()["in_stock"] is False

    make_stock(sku=a, on_hand=1)

    assert client.get_json(f"catalog/products/{bundle.product_id}/").json()["in_stock"] is True
