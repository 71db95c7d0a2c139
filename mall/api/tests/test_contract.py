"""The whole sale through the REST door: every answer has what api.md promises, in its type.

A shape is a dict of fields, a list of one shape, a type, or `instant`; ``maybe()`` of a shape
may be null. More than promised is allowed, less is not.
"""

import json
import re
from unittest.mock import patch

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from catalog.models import Product, ShortVideo, Video
from catalog.services import store_video
from catalog.testing import film, make_freight_template, make_product
from inventory.testing import make_stock
from mall.api.base import Throttle
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.errors import Busy
from members.models import Member
from members.sandbox import last_sms_code
from members.services import earn_points
from members.testing import make_member
from orders.services import refresh_shelf, ship_order
from promotions.testing import make_coupon, make_grant, make_threshold_off

pytestmark = pytest.mark.django_db
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PHONE, STREET = "13900001111", "110101001"


def instant(value):
    return isinstance(value, str) and bool(INSTANT.fullmatch(value))


def maybe(shape):
    return ("maybe", shape)


STEP = {"lane": str, "kind": str, "source_id": maybe(int), "label": str, "amount_fen": int}
IMAGE = {"url": str, "srcset": str, "width": int, "height": int, "alt": str}
CARD = {
    "id": int, "slug": str, "name": str, "subtitle": str, "image": maybe(IMAGE), "price_fen": int,
    "price_to_fen": int, "list_price_fen": int, "is_list_price_suggested": bool,
    "badges": [{"kind": str, "label": str}],
    "sales_count": int, "rating": {"average_x10": int, "count": int}, "in_stock": bool,
}  # fmt: skip
PRODUCT = CARD | {
    "skus": [
        {
            "id": int, "code": str, "options": dict, "price_fen": int, "list_price_fen": int,
            "available": int, "image": maybe(IMAGE),
        }
    ],
    "attributes": [{"code": str, "name": str, "value": str}], "blocks": [{"kind": str}],
    "offers": [
        {"kind": str, "id": int, "label": str, "starts_at": instant, "ends_at": maybe(instant)}
    ],
    "media": list, "favourites_count": int, "server_time": instant,
}  # fmt: skip
FILM = {
    "video": {
        "url": str, "poster": maybe(IMAGE), "seconds": int, "width": int, "height": int,
        "title": str,
    },
    "product": CARD, "source": str,
}  # fmt: skip
COUPON = {
    "id": int, "kind": str, "label": str, "threshold_fen": int, "off_fen": maybe(int),
    "rate_bp": maybe(int), "cap_fen": maybe(int), "scope": str,
}  # fmt: skip
GRANT = {
    "id": int, "coupon": COUPON, "code": str, "starts_at": instant, "ends_at": instant,
    "state": str,
}  # fmt: skip
QUOTE = {
    "lines": [
        {
            "sku_id": int, "quantity": int, "list_fen": int, "payable_fen": int, "steps": [STEP],
            "why_not": maybe(
                [{"kind": str, "source_id": int, "label": str, "reason_code": str, "reason": str}]
            ),
        }
    ],
    "goods_fen": int, "discount_fen": int, "freight_fen": int,
    "freight": {"base_fen": int, "template": maybe(str), "reason": str, "steps": [STEP]},
    "points": {"max": int, "used": int, "amount_fen": int, "earned": int},
    "payable_fen": int, "pay_now_fen": int, "currency": str, "promise": maybe(str),
    "warnings": list,
    "usable_coupons": maybe([GRANT]),
    "unusable_coupons": maybe([{"id": int, "reason_code": str, "reason": str}]),
    "near_offers": maybe(
        [{"kind": str, "source_id": int, "label": str, "missing_fen": int, "off_fen": int}]
    ),
    "quote_hash": str, "valid_until": instant,
}  # fmt: skip
CART = {
    "token": maybe(str),
    "lines": [
        {
            "id": int, "sku_id": int, "quantity": int, "selected": bool, "product": CARD,
            "options": dict, "invalid": maybe(str), "available": int,
        }
    ],
    "quote": maybe(QUOTE),
}  # fmt: skip
PAYMENT = {"payment_no": str, "leg": str, "provider": str, "status": str, "amount_fen": int}
ORDER = {
    "number": str, "status": str, "stage": maybe(str), "status_label": str, "placed_at": instant,
    "expires_at": maybe(instant), "paid_at": maybe(instant),
    "lines": [
        {
            "id": int, "sku_id": int, "product_id": int, "title": str, "options": dict,
            "image": maybe(IMAGE), "quantity": int, "list_fen": int, "payable_fen": int,
            "steps": [STEP], "shipped": int, "refunded": int, "can": list,
        }
    ],
    "goods_fen": int, "discount_fen": int, "freight_fen": int, "points_used": int,
    "payable_fen": int, "paid_fen": int, "refunded_fen": int, "address": dict, "shipments": list,
    "delivery": str, "pickup": maybe(dict), "payments": [PAYMENT],
    "timeline": [{"at": instant, "code": str, "label": str}], "can": list,
}  # fmt: skip
MEMBER = {
    "id": int, "nickname": str, "phone_masked": str, "avatar": maybe(str),
    "tier": {"code": str, "name": str, "rate_bp": int}, "growth_fen": int, "points": int,
    "unread": int, "coupons_count": int,
}  # fmt: skip
SIGNED_IN = {"access": str, "refresh": str, "expires_in": int, "member": MEMBER}
ADDRESS = {
    "id": int, "name": str, "phone": str, "region_code": str, "region_names": [str],
    "detail": str, "is_default": bool, "tag": maybe(str),
}  # fmt: skip
POINTS = {
    "id": int, "at": instant, "delta": int, "balance": int, "reason_code": str, "label": str,
    "expires_at": maybe(instant), "order_number": maybe(str),
}  # fmt: skip
PROBLEM = {
    "type": str, "title": str, "status": int, "code": str, "detail": str, "trace_id": str,
}  # fmt: skip


def page(shape):
    return {"next": maybe(str), "previous": maybe(str), "results": [shape]}


def faults(value, shape, path="body"):
    """Where ``value`` is not of ``shape``."""
    if isinstance(shape, tuple):
        return [] if value is None else faults(value, shape[1], path)
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is {value!r}"]
        missing = [f"{path}.{name} is missing" for name in shape if name not in value]
        inner = [faults(value[n], s, f"{path}.{n}") for n, s in shape.items() if n in value]
        return missing + [fault for found in inner for fault in found]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path} is {value!r}"]
        return [f for i, item in enumerate(value) for f in faults(item, shape[0], f"{path}[{i}]")]
    right = shape(value) if shape is instant else type(value) is shape
    return [] if right else [f"{path} is {value!r}"]


def shaped(answer, status, shape):
    """The body of an answer that has the status and the shape."""
    assert answer.status_code == status, answer.content.decode()
    body = answer.json()
    assert faults(body, shape) == []
    return body


def adds_up(quote):
    """The sums that api.md says hold always."""
    for line in quote["lines"]:
        off = sum(step["amount_fen"] for step in line["steps"])
        assert line["list_fen"] - off == line["payable_fen"]
    freight = quote["freight"]
    off = sum(step["amount_fen"] for step in freight["steps"])
    assert freight["base_fen"] - off == quote["freight_fen"]
    assert quote["goods_fen"] == sum(line["list_fen"] for line in quote["lines"])
    steps = [step["amount_fen"] for line in quote["lines"] for step in line["steps"]]
    assert quote["discount_fen"] == sum(steps)
    total = quote["goods_fen"] - quote["discount_fen"] + quote["freight_fen"]
    assert total == quote["payable_fen"]
    return quote


@pytest.fixture
def goods():
    """Two products, one with a choice of SKUs, on the shelf."""
    template = make_freight_template()
    products = [
        make_product(
            title_zh=title, price_fen=price, list_price_fen=price + 1_000, skus=count,
            freight_template=template,
        )
        for title, price, count in (("羽绒服", 30_000, 2), ("袜子", 2_000, 1))
    ]  # fmt: skip
    for product in products:
        for sku in product.skus.all():
            make_stock(sku=sku, on_hand=9)
    make_threshold_off(steps=((30_000, 5_000), (90_000, 20_000)))
    refresh_shelf(clock.now(), [product.pk for product in products])
    return products


def sms_code(client, purpose):
    sent = client.post_json("auth/sms-codes/", {"phone": PHONE, "purpose": purpose})
    shaped(sent, 202, {"retry_after_seconds": int})
    return last_sms_code(PHONE)


def test_every_answer_of_the_first_sale_has_the_shape_of_api_md(goods):
    guest = ApiClient()
    shaped(guest.get_json("catalog/home/"), 200, {})
    listed = shaped(guest.get_json("catalog/products/?q=羽绒服"), 200, page(CARD))
    product = shaped(guest.get_json(f"catalog/products/{goods[0].pk}/"), 200, PRODUCT)
    assert listed["results"][0]["id"] == product["id"]
    sku_id = product["skus"][0]["id"]

    added = guest.post_json("cart/lines/", {"sku_id": sku_id, "quantity": 2})
    token = shaped(added, 201, CART)["token"]
    shaped(guest.get_json("cart/", **{"X-Cart-Token": token}), 200, CART)
    adds_up(
        shaped(
            guest.post_json("checkout/quote/", {"lines": [{"sku_id": sku_id, "quantity": 1}]}),
            200,
            QUOTE,
        )
    )

    code = sms_code(guest, "register")
    body = {"phone": PHONE, "code": code, "consent_version": "2026-11", "cart_token": token}
    signed_in = shaped(guest.post_json("auth/register/", body), 201, SIGNED_IN)
    client = ApiClient()
    client.token = signed_in["access"]
    shaped(client.get_json("me/"), 200, MEMBER)
    member_id = signed_in["member"]["id"]
    now = clock.now()
    earn_points(member_id=member_id, points=5_000, source_type="test", source_id="1", at=now)
    grant = make_grant(member=Member.objects.get(pk=member_id))

    address = shaped(
        client.post_json(
            "me/addresses/",
            {"name": "王芳", "phone": PHONE, "region_code": STREET, "detail": "文三路 1 号"},
        ),
        201,
        ADDRESS,
    )
    shaped(client.get_json("me/addresses/"), 200, page(ADDRESS))
    shaped(client.get_json("me/coupons/?state=usable"), 200, page(GRANT))
    cart = shaped(client.get_json("cart/"), 200, CART)
    assert cart["lines"][0]["quantity"] == 2
    body = {
        "cart": True,
        "address_id": address["id"],
        "coupon_grant_ids": [grant.pk],
        "points": 1_000,
    }
    explain = {"explain": ["why_not", "near_offers", "coupons"]}
    quote = adds_up(shaped(client.post_json("checkout/quote/", body | explain), 200, QUOTE))
    assert quote["usable_coupons"] is not None
    assert quote["near_offers"] is not None

    order_body = body | {"quote_hash": quote["quote_hash"]}
    order = shaped(client.post_json("orders/", order_body, key="order-1"), 201, ORDER)
    number = order["number"]
    shaped(client.get_json("orders/?status=unpaid"), 200, page(ORDER))
    way = {"provider": "sandbox", "scene": "sandbox"}
    start = {
        "payment_no": str, "status": str, "expires_at": instant,
        "action": {
            "type": str, "params": maybe(dict), "url": maybe(str), "code_url": maybe(str),
        },
    }  # fmt: skip
    payment = shaped(client.post_json(f"orders/{number}/pay/", way, key="pay-1"), 201, start)
    Client().post(payment["action"]["url"], json.dumps({"result": "success"}), "application/json")
    paid = {"status": str, "failure_code": maybe(str)}
    assert shaped(client.get_json(f"payments/{payment['payment_no']}/"), 200, paid)["status"] == (
        "succeeded"
    )
    ship_order(order_number=number, carrier="sf", tracking_no="SF0001112223", at=clock.now())
    shipped = shaped(client.get_json(f"orders/{number}/"), 200, ORDER)
    assert shipped["can"] == ["confirm", "reorder", "after_sale", "invoice"]
    received = shaped(client.post_json(f"orders/{number}/confirm/"), 200, ORDER)
    assert received["lines"][0]["can"] == ["review", "after_sale"]
    shaped(client.get_json("me/points/"), 200, page(POINTS))
    assert shaped(client.get_json("me/"), 200, MEMBER)["growth_fen"] > 0


def test_what_left_the_shelf_is_still_a_card_in_the_cart(goods):
    client = ApiClient.of(make_member())
    sku = goods[1].skus.get()
    client.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 1})
    Product.objects.filter(pk=goods[1].pk).update(status=Product.Status.OFF_SALE)
    refresh_shelf(clock.now(), [goods[1].pk])

    cart = shaped(client.get_json("cart/"), 200, CART)

    assert cart["lines"][0]["invalid"] == "off_shelf"


def test_refusals_are_problems_with_the_promised_fields(goods):
    client = ApiClient.of(make_member())
    sku = goods[1].skus.get()

    unknown = client.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 1, "price_fen": 1})
    errors = {"errors": [{"field": str, "code": str, "message": str}]}
    body = shaped(unknown, 400, PROBLEM | errors)
    assert (unknown["Content-Type"], body["errors"][0]["field"]) == (
        "application/problem+json",
        "price_fen",
    )
    lines = {"lines": [{"sku_id": sku.pk, "quantity": 0}]}
    body = shaped(client.post_json("checkout/quote/", lines), 400, PROBLEM | errors)
    assert body["errors"][0]["field"] == "lines[0].quantity"
    lacking = client.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 10})
    facts = {"facts": {"sku": str, "available": int}}
    body = shaped(lacking, 409, PROBLEM | facts)
    assert (body["code"], body["facts"]["available"]) == ("inventory.out_of_stock", 9)
    assert shaped(client.get_json("orders/20261122NOTHERE000/"), 404, PROBLEM)["code"]
    assert shaped(ApiClient().get_json("me/"), 401, PROBLEM)["code"]


def test_looking_is_not_limited_like_doing(monkeypatch):
    monkeypatch.setattr(Throttle, "THROTTLE_RATES", {"order": "1/min", "browse": "3/min"})
    client = ApiClient.of(make_member())

    looks = [client.get_json("orders/?status=&q=").status_code for _n in range(4)]
    deeds = [client.post_json("orders/", {}, key="k").status_code for _n in range(2)]

    assert looks == [200, 200, 200, 429]
    assert deeds == [400, 429]


def test_a_notice_that_comes_at_a_bad_moment_is_answered_in_the_providers_way():
    with patch("mall.api.payments.services.accept_notice", side_effect=Busy):
        answer = ApiClient().call("POST", "payments/sandbox/notify/", {"id": "1"})

    assert (answer.status_code, answer.json()["code"]) == (503, "FAIL")


def test_a_check_in_takes_no_fields():
    client = ApiClient.of(make_member())

    refused = client.post_json("me/check-ins/", {"points": 100}, key="k-1")

    assert shaped(refused, 400, PROBLEM)["errors"][0]["field"] == "points"
    shaped(
        client.post_json("me/check-ins/", key="k-1"),
        201,
        {"day": str, "streak": int, "points": int},
    )


def test_coupons_of_the_centre_are_claimed_in_the_promised_shape():
    client = ApiClient.of(make_member())
    coupon = make_coupon()

    shaped(client.get_json("promotions/coupons/"), 200, page(COUPON))
    shaped(client.post_json(f"promotions/coupons/{coupon.pk}/claim/", key="c-1"), 201, GRANT)


def test_C_43_short_videos_come_in_the_promised_shape_a_page_at_a_time(goods):
    video = store_video(film(15), kind=Video.Kind.SHORT, at=clock.now())
    for product in goods:
        ShortVideo.objects.create(product=product, video=video)
    client = ApiClient()

    first = shaped(client.get_json("catalog/short-videos/?page_size=1"), 200, page(FILM))
    rest = first["next"].partition("/api/v1/")[2]
    second = shaped(client.get_json(rest), 200, page(FILM))

    found = [row["product"]["id"] for one in (first, second) for row in one["results"]]
    assert found == [product.pk for product in reversed(goods)]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("path", "shape", "params"),
    [
        ("catalog/short-videos/", "ShortVideoPage", {"cursor", "page_size"}),
        ("catalog/products/{product_id}/questions/", "QuestionPage", {"faq", "cursor"}),
        ("me/favourites/{product_id}/", "FavouriteShape", set()),
    ],
)
def test_what_is_read_is_described_with_its_parameters(described, path, shape, params):
    told = described["paths"][f"/api/v1/{path}"]["get"]

    body = told["responses"]["200"]["content"]["application/json"]["schema"]
    assert body["$ref"].rpartition("/")[2] == shape
    assert params <= {one["name"] for one in told["parameters"] if one["in"] == "query"}


def test_the_description_names_what_a_short_video_comes_with(described):
    shapes = described["components"]["schemas"]

    assert set(shapes["ShortVideoShape"]["properties"]) == set(FILM)
    assert set(shapes["VideoShape"]["properties"]) == set(FILM["video"])
    assert "favourites_count" in shapes["ProductShape"]["properties"]


@pytest.fixture(scope="module")
def described():
    """What the schema says of the API."""
    return SchemaGenerator().get_schema(request=None, public=True)
