"""Stores, pick-up, buying again and hidden orders over the API. Source: O-13, O-34, O-55, X-56."""

import pytest

from inventory.models import StockItem
from inventory.testing import make_stock, make_store
from mall.api.testing import ApiClient
from members.testing import make_address, make_member
from orders.models import CartLine, Order
from orders.services import CartOwner, add_line, cancel_order, code_of
from orders.testing import NOON, make_order, make_stocked_sku, pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def test_X_56_stores_are_listed_nearest_first_for_everybody():
    make_store(code="a-far", latitude="31.23", longitude="121.47")
    make_store(code="b-near", latitude="30.25", longitude="120.16")
    client = ApiClient()

    near = client.get_json("stores/?lat=30.25&lng=120.16").json()["results"]
    one = client.get_json("stores/b-near/").json()

    assert [store["code"] for store in near] == ["b-near", "a-far"]
    assert near[0]["distance_m"] == 0
    assert (one["latitude"], one["longitude"], one["distance_m"]) == (30.25, 120.16, None)
    assert client.get_json("stores/none/").status_code == 404


def body_of(store, sku, **values):
    lines = [{"sku_id": sku.pk, "quantity": 1, "source": "live:12"}]
    return {"lines": lines, "store_id": store.pk, **values}


def test_an_order_is_placed_for_pick_up_and_remembers_how_it_came(client):
    store = make_store()
    sku = make_stocked_sku(on_hand=0)
    make_stock(sku=sku, on_hand=1, warehouse=store.warehouse)
    quote = client.post_json("checkout/quote/", body_of(store, sku)).json()
    journey = {
        "channel": "partner",
        "device": "phone",
        "campaign": "double-11",
        "experiments": {"card": "b"},
        "source": "miniprogram",
    }
    body = body_of(
        store,
        sku,
        quote_hash=quote["quote_hash"],
        receiver={"name": "王芳", "phone": "13912345678"},
        **journey,
    )

    placed = client.post_json("orders/", body, key="one")
    again = client.post_json("orders/", body, key="one")

    assert (quote["freight_fen"], placed.status_code) == (0, 201)
    assert placed.json() == again.json()
    shown = placed.json()
    assert (shown["delivery"], shown["pickup"]["code"]) == ("pickup", None)
    order = Order.objects.select_related("pickup").get()
    kept = (order.channel, order.device, order.campaign, order.experiments)
    assert kept == ("partner", "phone", "double-11", {"card": "b"})
    assert order.lines.get().source == "live:12"
    pay(order)
    paid = client.get_json(f"orders/{order.number}/").json()
    assert paid["pickup"]["code"] == code_of(order.pickup)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"receiver": None}, "receiver"),
        ({"store_id": None}, "address_id"),
        ({"lines": [{"sku_id": 1, "quantity": 1, "source": "tv:1"}]}, "lines[0].source"),
    ],
)
def test_a_body_that_says_too_little_is_refused_with_its_field(client, change, field):
    body = {
        "lines": [{"sku_id": 1, "quantity": 1}],
        "store_id": 1,
        "receiver": {"name": "王芳", "phone": "13912345678"},
        "quote_hash": "x",
        **change,
    }
    body = {name: value for name, value in body.items() if value is not None}

    answer = client.post_json("orders/", body, key="one")

    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_buying_again_fills_the_cart_and_names_what_is_gone(client, member):
    good, gone = make_stocked_sku(), make_stocked_sku()
    order = make_order(member=member, sku=good, quantity=2)
    other = make_order(member=member, sku=gone)
    StockItem.objects.filter(sku=gone).update(on_hand=1)

    full = client.post_json(f"me/reorder/{order.number}/", {})
    empty = client.post_json(f"me/reorder/{other.number}/", {})

    assert (full.status_code, full.json()["refused"]) == (201, [])
    assert [line["quantity"] for line in full.json()["lines"]] == [2]
    assert [row["reason_code"] for row in empty.json()["refused"]] == ["sold_out"]
    assert client.post_json("me/reorder/NOBODYS/", {}).status_code == 404


def test_hidden_orders_come_back(client, member):
    order = make_order(member=member)
    cancel_order(number=order.number, member_id=member.pk, reason="", at=NOON)
    client.call("DELETE", f"orders/{order.number}/")

    hidden = client.get_json("orders/?status=hidden").json()["results"]
    back = client.post_json(f"orders/{order.number}/unhide/", {})

    assert [row["number"] for row in hidden] == [order.number]
    assert "unhide" in hidden[0]["can"]
    assert "hide" in back.json()["can"]


def test_everything_invalid_leaves_the_cart_at_once(client, member):
    make_address(member=member)
    good, gone = make_stocked_sku(), make_stocked_sku()
    for sku in (good, gone):
        add_line(owner=CartOwner(member_id=member.pk), sku_id=sku.pk, quantity=1, at=NOON)
    StockItem.objects.filter(sku=gone).update(on_hand=0)

    answer = client.call("DELETE", "cart/invalid/")

    assert [line["sku_id"] for line in answer.json()["lines"]] == [good.pk]
    assert CartLine.objects.get().sku == good
