"""After-sales in a shopper's hands: see what comes back, ask, send back, withdraw."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.testing import make_picture_file
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from orders.models import AfterSale
from orders.services import approve_after_sale
from orders.testing import make_order, make_received_order, make_stocked_sku
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shopper():
    member = make_shopper()
    browser = signed_in(member)
    browser.member = member
    return browser


def typed(order, quantity=1, **values):
    line = order.lines.order_by("position").first()
    return {
        "kind": "refund_only",
        "reason": "unwanted",
        f"pieces_{line.pk}": quantity,
        "token": "t" * 20,
        **values,
    }


def test_the_page_works_out_what_comes_back_before_anything_is_sent(shopper):
    order = make_order(member=shopper.member, paid=True, quantity=2, at=clock.now())
    address = f"/orders/{order.number}/after-sales/new/"

    empty = shopper.get(address)
    shown = shopper.post(address, typed(order, 2, do="requote"))

    assert empty.context["answer"] is None
    assert shown.context["answer"]["money_fen"] == order.paid_fen
    assert b"comes-back" in shown.content
    assert "优惠券" not in "".join(shown.context["answer"]["sentences"])
    assert not AfterSale.objects.exists()


def test_the_page_names_the_coupon_and_what_becomes_of_it(shopper):
    at = clock.now()
    days = {"starts_at": at - timedelta(days=1), "ends_at": at + timedelta(days=9)}
    grant = make_grant(
        member=shopper.member,
        coupon=make_coupon(title_en="Ten off", returns_on_refund=False, **days),
        at=at,
    )
    order = make_order(member=shopper.member, paid=True, at=at, coupon_grant_ids=(grant.pk,))

    page = shopper.post(f"/en/orders/{order.number}/after-sales/new/", typed(order, do="requote"))

    assert "Coupon “Ten off” is not given back, as its terms say." in page.content.decode()


def test_a_double_click_opens_one_case(shopper):
    order = make_order(member=shopper.member, paid=True, quantity=2, at=clock.now())
    address = f"/orders/{order.number}/after-sales/new/"

    pages = [shopper.post(address, typed(order, do="ask")) for _n in range(2)]

    case = AfterSale.objects.get()
    assert {page["Location"] for page in pages} == {f"/after-sales/{case.number}/"}
    assert shopper.get(f"/after-sales/{case.number}/").context["case"]["can"] == ["cancel"]


def test_a_return_with_pictures_is_sent_back_and_may_be_withdrawn_before(shopper):
    order = make_received_order(member=shopper.member, at=clock.now())
    picture = SimpleUploadedFile("a.png", make_picture_file().read(), "image/png")
    shopper.post(
        f"/orders/{order.number}/after-sales/new/",
        typed(order, kind="return_refund", reason="quality", pictures=[picture], do="ask"),
    )
    case = AfterSale.objects.get()
    approve_after_sale(number=case.number, at=clock.now())
    address = f"/after-sales/{case.number}/"

    assert len(shopper.get(address).context["case"]["pictures"]) == 1
    shopper.post(address, {"carrier": "sf", "tracking_no": "SF5"})
    case.refresh_from_db()
    assert (case.state, case.tracking_no) == ("returning", "SF5")

    other = make_order(member=shopper.member, paid=True, at=clock.now())
    shopper.post(f"/orders/{other.number}/after-sales/new/", typed(other, do="ask"))
    second = AfterSale.objects.get(order=other)
    shopper.post(f"/after-sales/{second.number}/cancel/")
    second.refresh_from_db()
    assert second.state == "cancelled"


def test_a_refusal_stands_on_the_page(shopper):
    order = make_received_order(member=shopper.member, at=clock.now())

    page = shopper.post(f"/orders/{order.number}/after-sales/new/", typed(order, do="ask"))

    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert not AfterSale.objects.exists()


def test_of_what_is_not_sent_only_the_money_can_be_asked_for(shopper):
    order = make_order(paid=True, at=clock.now(), member=shopper.member)

    page = shopper.get(f"/orders/{order.number}/after-sales/new/")

    kind = page.context["form"]["kind"]
    assert [value for value, _label in kind.field.choices] == ["refund_only"]
    assert kind.value() == "refund_only"
    assert "pickup_day" not in page.content.decode()


def test_anothers_order_and_case_are_not_there(shopper):
    order = make_order(paid=True, at=clock.now())

    assert shopper.get(f"/orders/{order.number}/after-sales/new/").status_code == 404
    assert shopper.get("/after-sales/A123/").status_code == 404
    assert shopper.post("/after-sales/A123/cancel/").status_code == 404


def test_the_list_asks_the_same_for_two_cases_and_for_ten(shopper):
    sku = make_stocked_sku(on_hand=60)

    def ask(times):
        for _n in range(times):
            order = make_order(member=shopper.member, paid=True, sku=sku, at=clock.now())
            shopper.post(
                f"/orders/{order.number}/after-sales/new/",
                typed(order, do="ask", token=f"t{order.pk:020}"),
            )

    ask(2)
    shopper.get("/after-sales/")
    with count_queries() as few:
        shopper.get("/after-sales/")
    ask(6)
    shopper.get("/after-sales/")
    with count_queries() as many:
        page = shopper.get("/after-sales/")

    assert len(page.context["cases"]) >= 8
    assert len(few) == len(many)


def test_O_44_an_exchange_may_be_for_another_size_at_the_same_price(shopper):
    small, large, dear = make_goods(skus=3).skus.order_by("pk")
    dear.price_fen -= 1
    dear.save(update_fields=["price_fen"])
    order = make_received_order(member=shopper.member, sku=small, at=clock.now())
    line = order.lines.get()
    address = f"/orders/{order.number}/after-sales/new/"

    offered = shopper.get(address).context["lines"][0]["swap"].field.choices
    wish = typed(order, kind="exchange", reason="size", do="ask")
    refused = shopper.post(address, {**wish, f"swap_{line.pk}": dear.pk})
    assert not AfterSale.objects.exists()
    shopper.post(address, {**wish, f"swap_{line.pk}": large.pk})

    assert [value for value, _words in offered] == ["", large.pk]
    assert refused.context["form"].errors
    case = AfterSale.objects.get()
    assert case.lines.get().exchange_sku_id == large.pk
    sent = dict(offered)[large.pk]
    assert sent in shopper.get(f"/after-sales/{case.number}/").content.decode()


def test_goods_without_another_size_offer_no_choice(shopper):
    order = make_received_order(member=shopper.member, at=clock.now())

    page = shopper.get(f"/orders/{order.number}/after-sales/new/")

    assert [line["swap"] for line in page.context["lines"]] == [None]
    assert b"askline__swap" not in page.content
