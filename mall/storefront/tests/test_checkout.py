"""The checkout: every choice priced, one order a form, whatever stands against it said in place."""

import threading

import pytest
from django.db import connection

from catalog.services import set_sku_prices
from inventory.models import StockItem
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.receipts import REGION_NEEDED
from mall.storefront.tests.shop import checkout_form, make_goods, make_shopper, signed_in, words
from members.models import Address, PointsAccount
from members.testing import make_address, make_member
from orders.models import Cart, Order
from promotions.testing import make_coupon, make_grant, make_pricing_settings

pytestmark = pytest.mark.django_db(transaction=True)
FAR_AWAY = "650102002"


@pytest.fixture
def shopper():
    """A member with an address and ¥60.00 of goods in the cart, ¥5.00 freight to come."""
    member = make_shopper(points=5_000)
    make_pricing_settings()
    browser = signed_in(member)
    browser.member = member
    browser.sku = make_goods("山茶花", price_fen=3_000).skus.get()
    browser.post("/cart/add/", {"sku_id": browser.sku.pk, "quantity": "2"})
    return browser


def _unchanged():
    return not Order.objects.exists() and not StockItem.objects.filter(reserved__gt=0).exists()


def test_the_checkout_shows_lines_address_and_every_step(shopper):
    page = shopper.get("/checkout/")

    assert page.status_code == 200
    quote = page.context["quote"]
    assert quote["goods_fen"] == 6_000
    assert page.context["address"]["id"] == shopper.member.addresses.get().pk
    assert [line["quantity"] for line in page.context["lines"]] == [2]
    assert quote["freight_fen"] == 500
    assert quote["payable_fen"] == 6_500


def test_the_best_coupon_is_chosen_and_another_or_none_can_be(shopper):
    small = make_grant(member=shopper.member, coupon=make_coupon(off_fen=500), at=clock.now())
    best = make_grant(member=shopper.member, coupon=make_coupon(off_fen=2_000), at=clock.now())
    unfit = make_grant(
        member=shopper.member, coupon=make_coupon(threshold_fen=99_900), at=clock.now()
    )

    page = shopper.get("/checkout/")

    (group,) = page.context["grants"]["groups"]
    assert (group["field"], group["chosen_id"]) == ("coupon", best.pk)
    assert [grant["id"] for grant in group["usable"]] == [best.pk, small.pk]
    assert [grant["id"] for grant in page.context["grants"]["unusable"]] == [unfit.pk]
    assert page.context["quote"]["payable_fen"] == 4_500

    other = shopper.post("/checkout/", checkout_form(page, do="requote", coupon=str(small.pk)))
    assert other.context["quote"]["payable_fen"] == 6_000

    none = shopper.post("/checkout/", checkout_form(page, do="requote", coupon="none"))
    assert none.context["quote"]["payable_fen"] == 6_500


def test_points_pay_when_they_are_switched_on(shopper):
    page = shopper.get("/checkout/")
    most = page.context["quote"]["points"]["max"]

    priced = shopper.post("/checkout/", checkout_form(page, do="requote", points=str(most)))

    assert most == 3_000
    assert priced.context["quote"]["points"]["used"] == 3_000
    assert priced.context["quote"]["payable_fen"] == 3_500


def test_more_points_than_may_pay_are_cut_to_what_may(shopper):
    page = shopper.get("/checkout/")

    priced = shopper.post("/checkout/", checkout_form(page, do="requote", points="999900"))

    assert priced.context["quote"]["points"]["used"] == 3_000


def test_an_order_is_placed_and_leads_to_the_cashier(shopper):
    page = shopper.get("/checkout/")
    form = checkout_form(page, note="放门口", invoice_kind="personal", invoice_title="林小满")

    answer = shopper.post("/checkout/", form)

    order = Order.objects.get()
    assert answer.url == f"/orders/{order.number}/pay/"
    assert (order.payable_fen, order.note) == (6_500, "放门口")
    assert order.invoice == {"kind": "personal", "title": "林小满"}
    assert not Cart.objects.get().lines.exists()
    assert StockItem.objects.get().reserved == 2


def test_the_same_form_twice_is_one_order(shopper):
    form = checkout_form(shopper.get("/checkout/"))

    first, second = shopper.post("/checkout/", form), shopper.post("/checkout/", form)

    assert first.url == second.url
    assert Order.objects.count() == 1


def test_two_clicks_at_once_are_one_order(shopper):
    form = checkout_form(shopper.get("/checkout/"))
    urls = []

    def click():
        browser = signed_in(shopper.member)
        try:
            urls.append(browser.post("/checkout/", form).url)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _n in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert len(urls) == 2
    assert len(set(urls)) == 1
    assert Order.objects.count() == 1


def test_an_old_form_with_another_choice_leads_to_the_orders(shopper):
    form = checkout_form(shopper.get("/checkout/"))
    shopper.post("/checkout/", form)

    answer = shopper.post("/checkout/", {**form, "note": "another"})

    assert answer.url == "/orders/"
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(shopper):
    form = checkout_form(shopper.get("/checkout/"))
    set_sku_prices(prices={shopper.sku.pk: (2_000, 3_000)}, at=clock.now())

    page = shopper.post("/checkout/", form)

    assert page.status_code == 200
    assert page.context["changed"] == {"old_fen": 6_500, "new_fen": 4_500}
    assert _unchanged()
    assert shopper.post("/checkout/", checkout_form(page)).url.endswith("/pay/")


def test_a_form_without_the_shown_price_orders_nothing(shopper):
    form = checkout_form(shopper.get("/checkout/"), quote_hash="")

    assert shopper.post("/checkout/", form).status_code == 200
    assert _unchanged()


def test_goods_sold_out_meanwhile_are_said_and_nothing_is_ordered(shopper):
    form = checkout_form(shopper.get("/en/checkout/"))
    StockItem.objects.update(on_hand=1)

    answer = shopper.post("/en/checkout/", form)

    assert answer.url == "/en/cart/"
    assert words(shopper.get(answer.url)) == ["There is only 1 left."]
    assert _unchanged()


@pytest.mark.parametrize(
    "sent",
    [
        {"address_id": ""},
        {"address_id": "0"},
        {"address_id": "１"},
        {"note": "x" * 201},
        {"note": "nul\x00"},
        {"invoice_kind": "secret"},
        {"invoice_kind": "personal"},
        {"invoice_kind": "company", "invoice_title": "店"},
        {"invoice_kind": "personal", "invoice_title": "店", "invoice_email": "no"},
        {"coupon": "999999"},
        {"points": "150"},
        {"points": "9999999"},
        {"token": "\u2603"},
        {"token": "x" * 65},
    ],
)
def test_bad_input_is_said_on_the_page_and_changes_nothing(shopper, sent):
    form = checkout_form(shopper.get("/checkout/"))

    page = shopper.post("/checkout/", {**form, **sent})

    assert page.status_code in (200, 404)
    assert _unchanged()


def test_another_member_s_address_is_as_good_as_none(shopper):
    foreign = make_address(member=make_member())
    form = checkout_form(shopper.get("/checkout/"), address_id=str(foreign.pk))

    page = shopper.post("/en/checkout/", form)

    assert "no longer there" in page.content.decode()
    assert _unchanged()


def test_another_member_s_coupon_is_not_used(shopper):
    foreign = make_grant(member=make_member(), at=clock.now())
    form = checkout_form(shopper.get("/checkout/"), coupon=str(foreign.pk))

    page = shopper.post("/en/checkout/", form)

    assert "no longer there" in page.content.decode()
    assert _unchanged()


def test_without_an_address_the_page_asks_for_one_and_comes_back(shopper):
    Address.objects.all().delete()

    page = shopper.get("/en/checkout/")

    text = page.content.decode()
    assert page.context["address"] is None
    assert "/en/me/addresses/new/?next=/en/checkout/" in text
    assert page.context["quote"]["freight"]["reason_code"] == REGION_NEEDED


def test_buying_now_orders_that_one_thing_and_leaves_the_cart(shopper):
    other = make_goods(price_fen=3_000).skus.get()

    page = shopper.get("/checkout/", {"sku_id": other.pk, "quantity": "3"})
    shopper.post("/checkout/", checkout_form(page))

    order = Order.objects.get()
    assert [(line.sku_id, line.quantity) for line in order.lines.all()] == [(other.pk, 3)]
    assert Cart.objects.get().lines.count() == 1


@pytest.mark.parametrize("quantity", ["0", "-1", "１２", "1e9", "1000"])
def test_a_quantity_that_is_none_is_one(shopper, quantity):
    page = shopper.get("/checkout/", {"sku_id": shopper.sku.pk, "quantity": quantity})

    assert [line["quantity"] for line in page.context["lines"]] == [1]


def test_an_empty_cart_leads_back(shopper):
    shopper.post("/cart/selection/", {"all": "false"})

    answer = shopper.get("/checkout/")

    assert answer.url == "/cart/"
    assert words(shopper.get("/cart/"))


def test_an_order_that_costs_nothing_is_paid_at_once(shopper):
    shopper.post("/cart/selection/", {"all": "false"})
    free = make_goods(price_fen=500).skus.get()
    make_grant(member=shopper.member, coupon=make_coupon(off_fen=500), at=clock.now())
    free.product.freight_template.__class__.objects.update(first_fee_fen=0)
    page = shopper.get("/checkout/", {"sku_id": free.pk, "quantity": "1"})
    assert page.context["quote"]["payable_fen"] == 0

    answer = shopper.post("/checkout/", checkout_form(page))

    order = Order.objects.get()
    assert answer.url == f"/orders/{order.number}/"
    assert order.status == Order.Status.PAID


def test_a_place_without_delivery_is_said_and_can_be_changed(shopper):
    template = shopper.sku.product.freight_template
    template.regions.create(region_prefix="65", is_delivered=False)
    away = make_address(member=shopper.member, region_code=FAR_AWAY, is_default=False)

    page = shopper.get("/checkout/", {"address_id": str(away.pk)})

    assert page.context["problems"]
    assert page.context["quote"]["freight"]["reason_code"] == REGION_NEEDED
    answer = shopper.post("/checkout/", checkout_form(page))
    assert answer.status_code == 200
    assert _unchanged()


def test_a_guest_is_sent_to_sign_in_with_the_way_back(client):
    sku = make_goods().skus.get()

    answer = client.get(f"/checkout/?sku_id={sku.pk}&quantity=2")

    assert answer.url == f"/login/?next=%2Fcheckout%2F%3Fsku_id%3D{sku.pk}%26quantity%3D2"


def test_the_checkout_costs_the_same_for_one_line_and_for_twenty(shopper):
    shopper.get("/checkout/")
    with count_queries() as one:
        shopper.get("/checkout/")
    for sku in make_goods(skus=19).skus.all():
        shopper.post("/cart/add/", {"sku_id": sku.pk, "quantity": "1"})

    with count_queries() as twenty:
        assert len(shopper.get("/checkout/").context["lines"]) == 20

    assert len(twenty) <= len(one) + 1, str(twenty)  # the words of options


def test_points_are_never_spent_twice_by_two_forms(shopper):
    PointsAccount.objects.get(member=shopper.member)
    page = shopper.get("/checkout/")
    most = str(page.context["quote"]["points"]["max"])
    priced = shopper.post("/checkout/", checkout_form(page, do="requote", points=most))
    form = checkout_form(priced, points=most)
    shopper.post("/checkout/", form)
    shopper.post("/cart/add/", {"sku_id": shopper.sku.pk, "quantity": "2"})

    shopper.post("/checkout/", {**form, "token": "another-token"})

    assert Order.objects.count() == 1
    assert PointsAccount.objects.get(member=shopper.member).balance == 2_000


def test_an_address_that_another_tab_deleted_is_said_on_the_checkout(shopper):
    form = checkout_form(shopper.get("/en/checkout/"))
    shopper.member.addresses.all().delete()

    answer = shopper.post("/en/checkout/", form)

    assert answer.status_code == 200
    assert "no longer there" in answer.content.decode()
    assert _unchanged()


def test_O_07_coupons_of_different_groups_are_chosen_and_used_together(shopper):
    goods = make_grant(member=shopper.member, coupon=make_coupon(off_fen=500), at=clock.now())
    other = make_grant(
        member=shopper.member,
        coupon=make_coupon(kind="free_freight", off_fen=0, exclusive_group="freight"),
        at=clock.now(),
    )
    page = shopper.get("/checkout/")
    groups = {group["field"]: group["chosen_id"] for group in page.context["grants"]["groups"]}
    assert groups == {"coupon": goods.pk, "coupon_freight": other.pk}

    answer = shopper.post("/checkout/", checkout_form(page))

    order = Order.objects.get()
    assert answer.url.endswith(f"/orders/{order.number}/pay/")
    assert (order.payable_fen, order.freight_fen) == (5_500, 0)
    assert shopper.member.coupon_grants.filter(order_number=order.number).count() == 2


def test_O_05_the_checkout_preselects_the_default_address(shopper):
    other = make_address(member=shopper.member, region_code=FAR_AWAY)

    page = shopper.get("/checkout/")

    assert [row["is_default"] for row in page.context["addresses"]] == [True, False]
    assert page.context["address"]["id"] == other.pk
    assert page.context["address"]["region_code"] == FAR_AWAY
