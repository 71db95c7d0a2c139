"""After-sales through the REST door: preview, asking once, pictures, sending back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.testing import make_picture_file
from mall.api.testing import ApiClient
from mall.kernel import clock
from members.testing import make_member
from orders.models import AfterSale
from orders.services import approve_after_sale
from orders.testing import make_order, make_received_order
from promotions.models import CouponGrant
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    return make_order(paid=True, quantity=2, at=clock.now())


def body_of(order, quantity=1, **values):
    items = [{"line_id": order.lines.order_by("position").first().pk, "quantity": quantity}]
    return {"items": items, "kind": "refund_only", "reason_code": "unwanted", **values}


def test_the_preview_says_what_the_case_then_brings_back(paid):
    client = ApiClient.of(paid.member)

    shown = client.post_json(f"orders/{paid.number}/after-sales/preview/", body_of(paid, 2))
    asked = client.post_json(f"orders/{paid.number}/after-sales/", body_of(paid, 2), key="a-1")

    preview, case = shown.json(), asked.json()
    assert (shown.status_code, asked.status_code) == (200, 201)
    assert preview["money_fen"] == case["money_fen"] == paid.paid_fen
    assert preview["sentences"][0].startswith("¥")
    assert asked.headers["Location"] == f"/api/v1/after-sales/{case['number']}/"
    assert (case["state"], case["can"]) == ("requested", ["cancel"])


COMES_BACK = "Coupon “Ten off” comes back to you, valid until "
FORFEIT = "Coupon “Ten off” is not given back, as its terms say."
STAYS = "Coupon “Ten off” comes back only once everything is returned."


@pytest.mark.parametrize(
    ("terms", "pieces", "field", "sentence", "left"),
    [
        (None, 2, None, None, []),
        ({}, 2, True, COMES_BACK, ["usable"]),
        ({"returns_on_refund": False}, 2, False, FORFEIT, ["forfeit"]),
        ({"returns_on_cancel": False}, 2, True, COMES_BACK, ["usable"]),
        ({}, 1, False, STAYS, ["used"]),
        ({"returns_on_refund": False}, 1, False, FORFEIT, ["used"]),
    ],
    ids=["none", "returns", "forfeit", "only unpaid is forfeit", "part", "part of a forfeit"],
)
def test_O_45_the_preview_says_of_the_coupon_what_the_refund_then_does(
    terms, pieces, field, sentence, left
):
    member, at = make_member(), clock.now()
    days = {"starts_at": at - timedelta(days=1), "ends_at": at + timedelta(days=9)}
    grants = [] if terms is None else [
        make_grant(member=member, coupon=make_coupon(title_en="Ten off", **days, **terms), at=at)
    ]  # fmt: skip
    order = make_order(
        member=member, paid=True, quantity=2, at=at,
        coupon_grant_ids=tuple(grant.pk for grant in grants),
    )  # fmt: skip
    client = ApiClient.of(member)

    preview = client.post_json(
        f"orders/{order.number}/after-sales/preview/",
        body_of(order, pieces),
    ).json()
    case = client.post_json(
        f"orders/{order.number}/after-sales/", body_of(order, pieces), key="a-1"
    ).json()
    approve_after_sale(number=case["number"], at=at)

    assert preview["coupon_returns"] is field
    said = [words for words in preview["sentences"] if "oupon" in words]
    assert [words[: len(sentence or "")] for words in said] == ([sentence] if sentence else [])
    states = CouponGrant.objects.filter(member=member).values_list("state", flat=True)
    assert list(states) == left
    assert preview["coupon_returns"] in (None, left == ["usable"])


def test_an_exchange_says_nothing_of_the_coupon():
    at, member = clock.now(), make_member()
    days = {"starts_at": at - timedelta(days=1), "ends_at": at + timedelta(days=9)}
    grant = make_grant(member=member, coupon=make_coupon(title_en="Ten off", **days), at=at)
    order = make_received_order(member=member, at=at, coupon_grant_ids=(grant.pk,))

    preview = (
        ApiClient.of(member)
        .post_json(
            f"orders/{order.number}/after-sales/preview/",
            body_of(order, kind="exchange", reason_code="quality"),
        )
        .json()
    )

    assert (preview["coupon_returns"], preview["sentences"]) == (
        False,
        ["No money moves: the goods are sent again."],
    )


def test_the_same_key_opens_one_case(paid):
    client = ApiClient.of(paid.member)

    answers = [
        client.post_json(f"orders/{paid.number}/after-sales/", body_of(paid), key="a-1").json()
        for _n in range(2)
    ]

    assert answers[0] == answers[1]
    assert AfterSale.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"reason_code": ""}, 400, "request.invalid"),
        ({"kind": "gift"}, 400, "request.invalid"),
        ({"items": []}, 400, "request.invalid"),
        ({"amount_fen": 1}, 400, "request.invalid"),
        ({"kind": "return_refund"}, 409, "orders.too_many_to_return"),
        ({"upload_ids": [987]}, 404, "kernel.not_found"),
    ],
)
def test_O_49_what_is_not_a_request_is_refused_in_words(paid, change, status, code):
    client = ApiClient.of(paid.member)

    answer = client.post_json(
        f"orders/{paid.number}/after-sales/", body_of(paid) | change, key="a-1"
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not AfterSale.objects.exists()


def test_ATK_05_anothers_order_and_case_are_not_there(paid):
    case = ApiClient.of(paid.member).post_json(
        f"orders/{paid.number}/after-sales/", body_of(paid), key="a-1"
    )
    stranger = ApiClient.of(make_member())
    number = case.json()["number"]
    parcel = {"carrier": "sf", "tracking_no": "1"}

    answers = [
        stranger.post_json(f"orders/{paid.number}/after-sales/", body_of(paid), key="b-1"),
        stranger.post_json(f"orders/{paid.number}/after-sales/preview/", body_of(paid)),
        stranger.get_json(f"after-sales/{number}/"),
        stranger.post_json(f"after-sales/{number}/cancel/"),
        stranger.post_json(f"after-sales/{number}/return-parcel/", parcel),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert AfterSale.objects.get().state == "requested"


def test_a_return_with_a_picture_goes_its_way():
    order = make_received_order(at=clock.now())
    client = ApiClient.of(order.member)
    file = SimpleUploadedFile("a.png", make_picture_file().read(), "image/png")
    sent = client.post(
        "/api/v1/uploads/",
        {"file": file, "purpose": "after_sale"},
        headers={"Authorization": f"Bearer {client.token}"},
    )
    body = body_of(order, kind="return_refund", reason_code="quality", note="torn")

    case = client.post_json(
        f"orders/{order.number}/after-sales/",
        {**body, "upload_ids": [sent.json()["id"]]},
        key="a-1",
    ).json()
    approve_after_sale(number=case["number"], at=clock.now())
    after = client.post_json(
        f"after-sales/{case['number']}/return-parcel/",
        {"carrier": "sf", "tracking_no": "SF77"},
    ).json()

    assert sent.status_code == 201
    assert [picture["id"] for picture in case["pictures"]] == [sent.json()["id"]]
    assert after["state"] == "returning"
    assert after["return_parcel"] == {"carrier": "sf", "tracking_no": "SF77"}
    listed = client.get_json("after-sales/").json()["results"]
    assert [row["number"] for row in listed] == [case["number"]]


def test_what_is_no_picture_is_refused(paid):
    client = ApiClient.of(paid.member)

    answer = client.post(
        "/api/v1/uploads/",
        {"file": SimpleUploadedFile("a.png", b"<script>"), "purpose": "after_sale"},
        headers={"Authorization": f"Bearer {client.token}"},
    )

    assert answer.status_code in (400, 409)
    assert answer.json()["code"] == "catalog.picture_refused"
