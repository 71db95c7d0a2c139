"""Orders in their buyer's hands: pay, follow, confirm, cancel, review; nobody else's."""

import pytest

from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in, words
from orders.models import Order, Payment, Review
from orders.services import pay_at_cashier, record_trace, ship_order
from orders.testing import make_order, make_received_order, make_stocked_sku, open_sandbox_payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shopper():
    member = make_shopper()
    browser = signed_in(member)
    browser.member = member
    return browser


def _now_order(shopper, **values):
    return make_order(member=shopper.member, at=clock.now(), **values)


def _shipped(shopper):
    order = _now_order(shopper, paid=True)
    shipment = ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1402003310", at=order.placed_at
    )
    return order, shipment


def test_no_orders_yet_is_a_page_that_leads_on(shopper):
    page = shopper.get("/orders/")

    assert page.context["orders"] == []
    assert [tab["current"] for tab in page.context["tabs"]] == [True, *[False] * 5]


def test_orders_stand_under_the_tab_of_their_state(shopper):
    unpaid = _now_order(shopper)
    paid = _now_order(shopper, paid=True)
    shipped, _parcel = _shipped(shopper)
    received = make_received_order(member=shopper.member)

    def under(tab):
        orders = shopper.get("/orders/", {"tab": tab}).context["orders"]
        return [order["number"] for order in orders]

    assert under("unpaid") == [unpaid.number]
    assert under("to_ship") == [paid.number]
    assert under("to_receive") == [shipped.number]
    assert under("to_review") == [received.number]
    assert len(under("")) == 4
    assert len(under("nonsense")) == 4
    counts = [tab["count"] for tab in shopper.get("/orders/").context["tabs"]]
    assert counts == [0, 1, 1, 1, 1, 0]


def test_a_long_list_goes_on_page_by_page(shopper):
    sku = make_stocked_sku(on_hand=40)
    numbers = [_now_order(shopper, sku=sku, paid=True).number for _n in range(12)]

    first = shopper.get("/orders/")
    second = shopper.get(first.context["page"]["next"])

    found = [order["number"] for order in first.context["orders"] + second.context["orders"]]
    assert sorted(found) == sorted(numbers)
    assert len(first.context["orders"]) == 10
    assert second.context["page"]["next"] is None


@pytest.mark.parametrize("page", ["0", "-1", "x", "２", "99999999999999999999"])
def test_a_page_that_is_none_is_the_first(shopper, page):
    order = _now_order(shopper)

    assert [o["number"] for o in shopper.get("/orders/", {"page": page}).context["orders"]] == [
        order.number
    ]


@pytest.mark.parametrize("deed", ["", "pay/", "cancel/", "confirm/", "hide/"])
def test_another_member_s_order_is_not_there(shopper, deed):
    order = make_order(paid=deed not in ("pay/",))
    path = f"/orders/{order.number}/{deed}"

    answer = shopper.post(path) if deed in ("confirm/", "hide/") else shopper.get(path)

    assert answer.status_code == 404


@pytest.mark.parametrize("number", ["\x00", "x" * 33, "..", "%F0%9F%92%A9"])
def test_a_number_that_is_none_is_a_404(shopper, number):
    assert shopper.get(f"/orders/{number}/").status_code == 404
    assert shopper.get(f"/pay/{number}/").status_code == 404


def test_paying_leads_through_the_sandbox_to_paid(shopper):
    order = _now_order(shopper)

    cashier = shopper.get(f"/orders/{order.number}/pay/")
    assert [way["code"] for way in cashier.context["providers"]] == ["sandbox"]
    away = shopper.post(f"/orders/{order.number}/pay/", {"provider": "sandbox:sandbox"})
    payment = Payment.objects.get()
    assert away.url == f"/sandbox/cashier/{payment.payment_no}/"

    waiting = shopper.get(f"/pay/{payment.payment_no}/")
    assert waiting.context["payment"]["status"] == "pending"
    assert waiting.context["action"]["url"] == away.url
    assert 'data-poll="3"' in waiting.content.decode()

    shopper.post(away.url, {"result": "success", "fault": ""})
    done = shopper.get(f"/pay/{payment.payment_no}/")
    assert done.context["payment"]["status"] == "succeeded"
    assert done.context["earned_points"] == order.points_earned
    assert shopper.get(f"/orders/{order.number}/pay/").url == f"/orders/{order.number}/"


def test_a_refused_payment_says_so_and_can_be_tried_again(shopper):
    order = _now_order(shopper)
    payment = open_sandbox_payment(order, at=order.placed_at)
    pay_at_cashier(payment_no=payment.payment_no, succeed=False, at=order.placed_at)

    page = shopper.get(f"/pay/{payment.payment_no}/")

    assert page.context["payment"]["status"] == "failed"
    assert page.context["order_open"]
    assert f"/orders/{order.number}/pay/" in page.content.decode()


@pytest.mark.parametrize("provider", ["", "bitcoin:x", "sandbox", "sandbox:jsapi", "x" * 99])
def test_a_way_of_paying_that_is_not_offered_is_refused(shopper, provider):
    order = _now_order(shopper)

    answer = shopper.post(f"/orders/{order.number}/pay/", {"provider": provider})

    assert answer.status_code == 409
    assert not Payment.objects.exists()


def test_another_member_s_payment_is_not_there(shopper):
    payment = open_sandbox_payment(make_order())

    assert shopper.get(f"/pay/{payment.payment_no}/").status_code == 404


def test_an_order_shows_its_parcel_timeline_and_receipt(shopper):
    order, shipment = _shipped(shopper)
    record_trace(
        shipment_number=shipment.number, code="transit", place="杭州转运中心", at=order.placed_at
    )

    page = shopper.get(f"/en/orders/{order.number}/")

    shown = page.context["order"]
    assert shown["shipments"][0]["tracking_no"] == "SF1402003310"
    assert shown["shipments"][0]["events"][0]["label"] == "on its way · 杭州转运中心"
    assert [step["state"] for step in page.context["progress"]] == ["done", "done", "now", "todo"]
    assert [row["code"] for row in shown["timeline"]] == ["shipped", "paid", "placed"]
    assert page.context["pay_label"] == "Sandbox cashier"
    assert "SF1402003310" in page.content.decode()


def test_confirming_brings_points_and_growth(shopper):
    order, _parcel = _shipped(shopper)

    answer = shopper.post(f"/orders/{order.number}/confirm/")

    assert answer.url == f"/orders/{order.number}/"
    order.refresh_from_db()
    assert order.status == Order.Status.RECEIVED
    ledger = shopper.get("/me/points/").context["entries"]
    assert [entry["delta"] for entry in ledger] == [order.points_earned]
    tier = shopper.get("/me/tier/").context
    assert [entry["delta_fen"] for entry in tier["entries"]] == [10_000]
    assert tier["tier"]["code"] == "silver"


def test_confirming_what_is_not_on_its_way_is_refused(shopper):
    order = _now_order(shopper, paid=True)

    answer = shopper.post(
        f"/orders/{order.number}/confirm/",
        headers={"Referer": f"http://testserver/orders/{order.number}/"},
    )

    assert words(shopper.get(answer.url))
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_cancelling_asks_why_and_says_what_comes_back(shopper):
    order = _now_order(shopper, paid=True)

    page = shopper.get(f"/orders/{order.number}/cancel/")
    assert page.context["refund_fen"] == order.payable_fen
    unsaid = shopper.post(f"/orders/{order.number}/cancel/", {"reason": "whatever"})
    assert unsaid.context["form"].errors
    shopper.post(f"/orders/{order.number}/cancel/", {"reason": "changed_mind"})

    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == (Order.Status.CLOSED, order.payable_fen)
    closed = shopper.get(f"/orders/{order.number}/")
    assert closed.context["progress"] == []
    assert "¥100.00" in closed.context["status"]["hint"]


def test_what_is_on_its_way_cannot_be_cancelled_any_more(shopper):
    order, _parcel = _shipped(shopper)

    answer = shopper.get(f"/orders/{order.number}/cancel/")

    assert answer.url == f"/orders/{order.number}/"


def test_a_closed_order_can_be_taken_off_the_list(shopper):
    order = _now_order(shopper)
    shopper.post(f"/orders/{order.number}/cancel/", {"reason": "other"})

    shopper.post(f"/orders/{order.number}/hide/")

    assert shopper.get("/orders/").context["orders"] == []


def test_a_received_item_is_reviewed_once(shopper):
    product = make_goods("好物")
    order = make_received_order(member=shopper.member, sku=product.skus.get())
    path = f"/orders/{order.number}/lines/{order.lines.get().pk}/review/"
    assert shopper.get(path).status_code == 200

    shopper.post(path, {"rating": "4", "text": "泡沫细", "is_anonymous": "on"})

    review = Review.objects.get()
    assert (review.rating, review.text, review.is_anonymous) == (4, "泡沫细", True)
    assert shopper.get(path).status_code == 404
    assert shopper.post(path, {"rating": "1", "text": "again"}).status_code == 404
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"rating": "0", "text": "x"},
        {"rating": "6", "text": "x"},
        {"rating": "５", "text": "x"},
        {"rating": "5", "text": ""},
        {"rating": "5", "text": "x" * 501},
        {"rating": "5", "text": "a\x00b"},
    ],
)
def test_a_review_that_is_none_is_not_kept(shopper, sent):
    order = make_received_order(member=shopper.member)
    path = f"/orders/{order.number}/lines/{order.lines.get().pk}/review/"

    page = shopper.post(path, sent)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Review.objects.exists()


def test_the_list_costs_the_same_for_two_orders_and_for_ten(shopper):
    make_words()
    sku = make_stocked_sku(on_hand=40)
    for _n in range(2):
        _now_order(shopper, sku=sku, paid=True)
    shopper.get("/orders/")
    with count_queries() as two:
        shopper.get("/orders/")
    for _n in range(8):
        _now_order(shopper, sku=sku, paid=True)

    with count_queries() as ten:
        assert len(shopper.get("/orders/").context["orders"]) == 10

    assert len(ten) == len(two), str(ten)
