"""Attacks on cart, checkout, orders and payments: a documented refusal, and nothing changed.

Source: reliability.md ATK-01 to 05, 10 to 16, 20 to 27.
"""

import json
from datetime import timedelta

import pytest
from django.test import Client

from mall.api.testing import ApiClient
from mall.kernel import clock
from members.testing import make_address, make_member
from orders.models import Order, OrderHistory, PaymentNotice
from orders.services import CartOwner, add_line
from orders.testing import (
    make_order,
    make_received_order,
    make_stocked_sku,
    open_sandbox_payment,
    write_notice,
)
from promotions.testing import make_grant

pytestmark = pytest.mark.django_db
PAID = {"trade_state": "SUCCESS", "transaction_id": "42000009"}
QUANTITIES = [
    "0", "-1", "1.5", '"3"', '"１２"', "１２", "true", "null", "1e3", "1000",
    "10" * 15, "[]", "{}", "9" * 5000,
]  # fmt: skip


@pytest.fixture
def shopper():
    member = make_member()
    make_address(member=member)
    return member


@pytest.fixture
def client_of(shopper):
    return ApiClient.of(shopper)


def raw(client, path, text, method="POST", key="k"):
    return client.generic(
        method,
        f"/api/v1/{path}",
        text.encode(),
        "application/json",
        headers={"Authorization": f"Bearer {client.token}", "Idempotency-Key": key},
    )


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_ATK_20_a_quantity_is_a_whole_number_from_1_to_999_and_nothing_else(
    shopper, client_of, quantity
):
    sku = make_stocked_sku(on_hand=2_000)
    line = add_line(owner=CartOwner(shopper.pk), sku_id=sku.pk, quantity=2, at=clock.now())
    address = shopper.addresses.get()
    wanted = f'{{"sku_id": {sku.pk}, "quantity": {quantity}}}'
    quote = f'{{"lines": [{wanted}], "region_code": "330106"}}'
    order = f'{{"lines": [{wanted}], "address_id": {address.pk}, "quote_hash": "x"}}'

    answers = [
        raw(client_of, "cart/lines/", wanted),
        raw(client_of, f"cart/lines/{line.line_id}/", f'{{"quantity": {quantity}}}', "PATCH"),
        raw(client_of, "checkout/quote/", quote),
        raw(client_of, "orders/", order),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert [row.quantity for row in shopper.cart.lines.all()] == [2]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "field",
    ["price", "unit_price", "price_fen", "payable_fen", "total", "discount_fen", "freight_fen",
     "points_rate", "user_id", "userId", "member_id", "status", "paid_fen"],
)  # fmt: skip
def test_ATK_21_ATK_81_fields_nobody_asked_for_are_named_and_refused(shopper, client_of, field):
    sku = make_stocked_sku()
    line = {"sku_id": sku.pk, "quantity": 1}
    order = {"lines": [line], "address_id": shopper.addresses.get().pk, "quote_hash": "x"}

    for path, body, at in (
        ("cart/lines/", line | {field: 1}, field),
        ("orders/", order | {field: 1}, field),
        ("orders/", order | {"lines": [line | {field: 1}]}, f"lines[0].{field}"),
    ):
        answer = client_of.post_json(path, body, key="k")
        assert answer.status_code == 400
        assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(at, "unknown")]
    assert not Order.objects.exists()


@pytest.mark.parametrize("points", [-100, 1.5, "100", True, None, 10**30])
def test_ATK_22_points_are_a_whole_number_not_below_zero(shopper, client_of, points):
    body = {
        "lines": [{"sku_id": make_stocked_sku().pk, "quantity": 1}],
        "address_id": shopper.addresses.get().pk,
        "points": points,
    }
    assert client_of.post_json("checkout/quote/", body).status_code == 400
    assert client_of.post_json("orders/", body | {"quote_hash": "x"}, key="k").status_code == 400


OWN_ROUTES = [
    ("GET", "orders/{number}/", None),
    ("DELETE", "orders/{number}/", None),
    ("POST", "orders/{number}/cancel/", {}),
    ("POST", "orders/{number}/confirm/", {}),
    ("GET", "orders/{number}/shipments/", None),
    ("POST", "orders/{number}/pay/", {"provider": "sandbox", "scene": "sandbox"}),
    ("POST", "orders/{number}/lines/{line}/review/", {"rating": 1, "text": "x"}),
    ("GET", "payments/{payment}/", None),
]


@pytest.mark.parametrize(("method", "route", "body"), OWN_ROUTES)
def test_ATK_01_ATK_02_anothers_order_answers_like_one_that_is_not_there(
    client_of, method, route, body
):
    order = make_received_order()
    facts = {
        "number": order.number,
        "line": order.lines.get().pk,
        "payment": order.payments.get().payment_no,
    }
    nothing = {"number": "20261122ZZZZZZZZZZ", "line": 10**9, "payment": "P20261122ZZZZZZZZZZ"}
    moves = OrderHistory.objects.count()

    foreign = client_of.call(method, route.format(**facts), body, key="k")
    missing = client_of.call(method, route.format(**nothing), body, key="k2")

    assert foreign.status_code == missing.status_code == 404
    drop = {"trace_id"}
    assert {k: v for k, v in foreign.json().items() if k not in drop} == {
        k: v for k, v in missing.json().items() if k not in drop
    }
    assert OrderHistory.objects.count() == moves


@pytest.mark.parametrize(("method", "route", "body"), OWN_ROUTES)
def test_nobody_signed_in_gets_401(method, route, body):
    path = route.format(number="20261122ZZZZZZZZZZ", line=1, payment="P20261122ZZZZZZZZZZ")
    assert ApiClient().call(method, path, body, key="k").status_code == 401


def test_ATK_03_a_list_shows_only_ones_own_whatever_is_asked(client_of, shopper):
    mine, theirs = make_order(member=shopper), make_order()
    other = theirs.member_id

    for query in (f"user={other}", f"user_id={other}", f"member={other}", f"q={theirs.number}"):
        answer = client_of.get_json(f"orders/?{query}", **{"X-User-Id": str(other)})
        numbers = [row["number"] for row in answer.json()["results"]]
        assert numbers in ([mine.number], [])


@pytest.mark.parametrize(
    "query",
    ["status=paid_please", "q=%00", "q=" + "x" * 61, "page_size=0", "page_size=101",
     "page_size=１", "page_size=-1", "page_size=00001000", "status=%F0%9F"],
)  # fmt: skip
def test_a_known_query_name_with_a_wrong_value_is_400(client_of, query):
    assert client_of.get_json(f"orders/?{query}").status_code == 400


def test_ATK_04_spending_anothers_coupon_or_sending_to_anothers_address(client_of, shopper):
    stranger = make_member()
    grant, address = make_grant(member=stranger), make_address(member=stranger)
    lines = [{"sku_id": make_stocked_sku().pk, "quantity": 1}]
    own = {"lines": lines, "address_id": shopper.addresses.get().pk}

    for wrong in ({"coupon_grant_ids": [grant.pk]}, {"address_id": address.pk}):
        body = own | wrong
        assert client_of.post_json("checkout/quote/", body).status_code == 404
        ordered = client_of.post_json("orders/", body | {"quote_hash": "x"}, key="k")
        assert ordered.status_code == 404
    grant.refresh_from_db()
    assert grant.state == "usable"
    assert not Order.objects.exists()


def test_a_guest_may_quote_but_not_spend():
    lines = [{"sku_id": make_stocked_sku().pk, "quantity": 1}]
    guest = ApiClient()

    assert guest.post_json("checkout/quote/", {"lines": lines}).status_code == 200
    near = guest.post_json("checkout/quote/", {"lines": lines, "region_code": "330106"})
    assert near.json()["freight_fen"] == 500
    for spending in ({"points": 100}, {"coupon_grant_ids": [1]}, {"address_id": 1}):
        assert guest.post_json("checkout/quote/", {"lines": lines} | spending).status_code == 401
    for wrong in (
        {"region_code": "999999"},
        {"region_code": "\x00"},
        {"cart": True},
        {"explain": ["everything"]},
        {"explain": ["\ud800"]},
        {"coupon_grant_ids": "1"},
    ):
        assert guest.post_json("checkout/quote/", {"lines": lines} | wrong).status_code == 400
    assert guest.post_json("checkout/quote/", {}).status_code == 400
    assert guest.post_json("orders/", {"lines": lines}, key="k").status_code == 401


def test_ATK_10_there_is_no_way_to_say_that_an_order_is_paid(client_of, shopper):
    order = make_order(member=shopper)
    for method in ("GET", "POST", "PUT", "PATCH"):
        for path in ("pay-success/", "paid/", ""):
            client_of.call(method, f"orders/{order.number}/{path}", {"status": "paid"}, key="k")
    query = "trade_status=TRADE_SUCCESS&status=paid"
    client_of.get_json(f"orders/{order.number}/?{query}")
    assert Order.objects.get().status == "unpaid"


def notify(envelope, provider="sandbox", **headers):
    return Client().generic(
        "POST",
        f"/api/v1/payments/{provider}/notify/",
        envelope.body,
        "application/json",
        headers={**envelope.headers, **headers},
    )


def test_ATK_11_ATK_13_ATK_14_the_notice_endpoint_answers_as_wechat_expects():
    at = clock.now()
    payment = open_sandbox_payment(make_order(at=at), at=at)
    true = write_notice(payment.payment_no, at=at, **PAID)

    forged = notify(true, **{"wechatpay-signature": "AAAA"})
    old = notify(write_notice(payment.payment_no, at=at - timedelta(seconds=301), **PAID))
    amount = {"total": payment.amount_fen - 1, "currency": "CNY"}
    wrong = notify(write_notice(payment.payment_no, at=at, **PAID, amount=amount))
    assert [answer.status_code for answer in (forged, old, wrong)] == [400] * 3
    assert forged.json() == {"code": "FAIL", "message": "signature_wrong"}
    assert Order.objects.get().status == "unpaid"

    for _replay in range(3):
        good = notify(true)
        assert (good.status_code, good.content) == (204, b"")
    assert Order.objects.get().status == "paid"
    outcomes = list(PaymentNotice.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["refused"] * 3 + ["applied"] + ["repeated"] * 2

    assert notify(true, provider="alipay").status_code == 404
    assert Client().get("/api/v1/payments/sandbox/notify/").status_code == 405


def test_ATK_15_a_notice_of_ten_megabytes_is_turned_away_unread():
    answer = Client().generic(
        "POST", "/api/v1/payments/sandbox/notify/", b"x" * 10_000_000, "application/json"
    )
    assert (answer.status_code, answer.json()["message"]) == (413, "too_large")
    assert not PaymentNotice.objects.exists()


CASHIER_BODIES = [
    "[]",
    "null",
    "{}",
    "\x00",
    "[" * 2_000,
    '{"result": "maybe"}',
    '{"result": 1}',
    '{"result": ["success"]}',
    '{"result": "success", "fault": "fire"}',
    '{"result": "success", "fault": {}}',
    '{"result": "success", "fault": []}',
    '{"result": "success", "amount": 1}',
]


@pytest.mark.parametrize("body", CASHIER_BODIES)
def test_the_cashier_takes_nothing_but_what_it_says(body):
    payment = open_sandbox_payment(make_order(at=clock.now()), at=clock.now())

    answer = Client().post(f"/sandbox/cashier/{payment.payment_no}/", body, "application/json")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Order.objects.get().status == "unpaid"


def test_the_cashier_pays_once_and_knows_only_started_payments():
    payment = open_sandbox_payment(make_order(at=clock.now()), at=clock.now())
    path, body = f"/sandbox/cashier/{payment.payment_no}/", json.dumps({"result": "success"})

    assert Client(enforce_csrf_checks=True).post(path, body, "application/json").json() == {
        "notice_sent": True
    }
    again = Client().post(path, body, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "orders.payment_over")
    nothing = Client().post("/sandbox/cashier/P20261122ZZZZZZZZZZ/", body, "application/json")
    assert nothing.status_code == 404


@pytest.mark.parametrize("text", ["\x00", "a\ud800b", "\udfff"])
def test_ATK_43_text_that_cannot_be_stored_is_400_in_every_field(client_of, shopper, text):
    sku = make_stocked_sku()
    line = {"sku_id": sku.pk, "quantity": 1}
    order = {"lines": [line], "address_id": shopper.addresses.get().pk, "quote_hash": "x"}
    received = make_received_order(member=shopper, sku=sku)
    invoice = {"kind": "personal", "title": "我"}
    path = f"orders/{received.number}/lines/{received.lines.get().pk}/review/"

    for route, body in (
        ("orders/", order | {"note": text}),
        ("orders/", order | {"quote_hash": text}),
        ("orders/", order | {"source": text}),
        ("orders/", order | {"invoice": invoice | {"title": text}}),
        ("orders/", order | {"invoice": invoice | {"kind": text}}),
        ("orders/", order | {"invoice": invoice | {"email": f"a{text}@example.com"}}),
        ("orders/", order | {text: 1}),
        ("cart/merge/", {"cart_token": text}),
        (f"orders/{received.number}/cancel/", {"reason": text}),
        (f"orders/{received.number}/pay/", {"provider": text, "scene": "sandbox"}),
        (f"orders/{received.number}/pay/", {"provider": "sandbox", "scene": text}),
        (path, {"rating": 5, "text": text}),
    ):
        assert client_of.post_json(route, body, key="k").status_code == 400, (route, body)
    assert Order.objects.count() == 1


def test_O_14_keyed_calls_need_a_key_and_a_key_belongs_to_one_body(client_of, shopper):
    sku = make_stocked_sku()
    body = {
        "lines": [{"sku_id": sku.pk, "quantity": 1}],
        "address_id": shopper.addresses.get().pk,
    }
    body["quote_hash"] = client_of.post_json("checkout/quote/", body).json()["quote_hash"]

    assert client_of.post_json("orders/", body).json()["code"] == "idempotency.key_required"
    first = client_of.post_json("orders/", body, key="same")
    again = client_of.post_json("orders/", body, key="same")
    other = client_of.post_json("orders/", body | {"note": "另一个"}, key="same")

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    assert Order.objects.count() == 1
    way = {"provider": "sandbox", "scene": "sandbox"}
    path = f"orders/{first.json()['number']}/pay/"
    assert client_of.post_json(path, way).status_code == 400
    started = [client_of.post_json(path, way, key="p") for _n in range(2)]
    assert started[0].json() == started[1].json()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
@pytest.mark.parametrize("rest", ["", "address/", "lines/", "note/", "price/"])
def test_ATK_26_nobody_edits_a_paid_order_through_the_api(client_of, shopper, method, rest):
    order = make_order(member=shopper, paid=True, at=clock.now())
    shown = client_of.get_json(f"orders/{order.number}/").json()
    body = {"note": "便宜点", "address_id": shopper.addresses.get().pk, "payable_fen": 1}

    answer = client_of.call(method, f"orders/{order.number}/{rest}", body, key="k")

    assert answer.status_code in (404, 405)
    assert client_of.get_json(f"orders/{order.number}/").json() == shown
