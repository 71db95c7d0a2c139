"""The sale through the REST door only: token cart, quote, order, sandbox cashier, receipt,
review."""

import json

import pytest
from django.test import Client

from mall.api.testing import ApiClient
from mall.kernel import clock
from members.services import credit_wallet
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import ship_order
from orders.testing import make_order, make_stocked_sku

pytestmark = pytest.mark.django_db


def test_a_guest_becomes_a_buyer_by_tokens_keys_and_the_sandbox():
    sku = make_stocked_sku(price_fen=4_000, on_hand=9, weight_grams=600)
    guest = ApiClient()
    added = guest.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 2})
    assert added.status_code == 201
    token = added.json()["token"]
    assert added.headers["X-Cart-Token"] == token
    assert len(token) >= 43  # 256 bits
    cart = guest.get_json("cart/", **{"X-Cart-Token": token}).json()
    assert (cart["token"], cart["lines"][0]["quantity"]) == (None, 2)
    assert cart["quote"]["payable_fen"] == 8_000

    member = make_member()
    address = make_address(member=member)
    client = ApiClient.of(member)
    merged = client.post_json("cart/merge/", {"cart_token": token}).json()
    assert merged["lines"][0]["sku_id"] == sku.pk
    body = {"cart": True, "address_id": address.pk}
    quote = client.post_json("checkout/quote/", body).json()
    assert (quote["freight_fen"], quote["payable_fen"]) == (600, 8_600)

    body["quote_hash"] = quote["quote_hash"]
    placed = client.post_json("orders/", body, key="k-1")
    assert placed.status_code == 201, placed.content
    order = placed.json()
    assert placed.headers["Location"] == f"/api/v1/orders/{order['number']}/"
    assert order["can"] == ["pay", "cancel", "invoice"]
    replayed = client.post_json("orders/", body, key="k-1")
    assert (replayed.status_code, replayed.json()) == (201, order)
    assert client.get_json("cart/").json()["lines"] == []

    way = {"provider": "sandbox", "scene": "sandbox"}
    payment = client.post_json(f"orders/{order['number']}/pay/", way, key="k-2").json()
    assert payment["action"]["type"] == "redirect"
    paid = Client().post(
        payment["action"]["url"], json.dumps({"result": "success"}), "application/json"
    )
    assert paid.json() == {"notice_sent": True}
    assert client.get_json(f"payments/{payment['payment_no']}/").json()["status"] == "succeeded"
    ship_order(
        order_number=order["number"], carrier="sf", tracking_no="SF100200300", at=clock.now()
    )
    parcels = client.get_json(f"orders/{order['number']}/shipments/").json()["results"]
    assert [parcel["tracking_no"] for parcel in parcels] == ["SF100200300"]
    received = client.post_json(f"orders/{order['number']}/confirm/").json()
    assert received["status"] == "received"
    assert received["lines"][0]["can"] == ["review", "after_sale"]
    assert [event["code"] for event in received["timeline"]] == [
        "received",
        "shipped",
        "paid",
        "placed",
    ]
    line_id = received["lines"][0]["id"]
    review = client.post_json(
        f"orders/{order['number']}/lines/{line_id}/review/",
        {"rating": 5, "text": "很好", "anonymous": True},
        key="k-3",
    )
    assert (review.status_code, review.json()["rating"]) == (201, 5)


def test_F_36_the_price_moved_between_quote_and_order_so_nothing_is_ordered():
    sku = make_stocked_sku(price_fen=4_000)
    member = make_member()
    address = make_address(member=member)
    client = ApiClient.of(member)
    body = {
        "lines": [{"sku_id": sku.pk, "quantity": 1}],
        "address_id": address.pk,
        "quote_hash": "0" * 32,
    }

    refused = client.post_json("orders/", body, key="k-1")

    assert (refused.status_code, refused.json()["code"]) == (409, "orders.quote_changed")
    new = refused.json()["facts"]["quote"]
    assert new["payable_fen"] == 4_500
    assert not Order.objects.exists()
    body["quote_hash"] = new["quote_hash"]
    assert client.post_json("orders/", body, key="k-1").status_code == 201


def test_O_42_an_order_is_paid_from_the_balance_in_one_call():
    member = make_member()
    order = make_order(member=member, at=clock.now())
    credit_wallet(
        member_id=member.pk,
        amount_fen=order.payable_fen,
        kind="red_packet",
        reference="1",
        at=clock.now(),
    )
    client, way = ApiClient.of(member), {"provider": "wallet", "scene": "wallet"}

    paid = client.post_json(f"orders/{order.number}/pay/", way, key="k-1")
    again = client.post_json(f"orders/{order.number}/pay/", way, key="k-1")

    assert (paid.status_code, paid.json()["status"]) == (201, "succeeded")
    assert paid.json()["action"]["type"] == "none"
    assert again.json() == paid.json()
    assert Order.objects.get(pk=order.pk).status == "paid"


def test_O_42_a_balance_that_is_too_small_is_409_and_another_way_is_open():
    member = make_member()
    order = make_order(member=member, at=clock.now())
    client = ApiClient.of(member)

    refused = client.post_json(
        f"orders/{order.number}/pay/", {"provider": "wallet", "scene": "wallet"}, key="k-1"
    )
    other = client.post_json(
        f"orders/{order.number}/pay/", {"provider": "sandbox", "scene": "sandbox"}, key="k-2"
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "members.not_enough_money")
    assert (other.status_code, other.json()["action"]["type"]) == (201, "redirect")
