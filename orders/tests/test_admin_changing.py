"""The order's page lets operators lower a price and correct an address, where its state allows."""

import pytest
from django.urls import reverse

from members.testing import make_operator
from orders.models import Order
from orders.testing import make_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(client):
    client.force_login(make_operator())
    client.cookies["django_language"] = "en"
    return client


def page_of(order, deed):
    return reverse(f"admin:orders_order_{deed}", args=[order.pk])


def test_the_price_is_lowered_in_yuan(desk):
    order = make_order()

    answer = desk.post(
        page_of(order, "reprice"),
        {"off_fen": "12.50", "freight_fen": "0", "reason": "regular"},
        follow=True,
    )

    assert "costs less now" in answer.content.decode()
    payable = Order.objects.get(pk=order.pk).payable_fen
    assert payable == order.payable_fen - order.freight_fen - 1_250


def test_a_price_that_rises_is_refused_in_words(desk):
    order = make_order()

    answer = desk.post(
        page_of(order, "reprice"), {"off_fen": "0", "freight_fen": "9999", "reason": "x"}
    )

    assert "less than or equal to" in answer.content.decode()
    assert Order.objects.get(pk=order.pk).price_version == 1


def test_an_address_is_typed_by_its_name(desk):
    order = make_order(paid=True)
    typed = {
        "receiver_name": "李四",
        "receiver_phone": "13911112222",
        "region_code": "浙江省 杭州市 西湖区 灵隐街道",
        "address_detail": "灵隐路 1 号",
        "reason": "moved",
    }

    answer = desk.post(page_of(order, "readdress"), typed, follow=True)

    assert "The address is changed" in answer.content.decode()
    assert Order.objects.get(pk=order.pk).region_names[-1] == "灵隐街道"


def test_a_place_that_is_several_is_answered_with_their_names(desk):
    order = make_order(paid=True)
    typed = {
        "receiver_name": "李四",
        "receiver_phone": "13911112222",
        "region_code": "浙江省杭州市西湖区",
        "address_detail": "x",
        "reason": "x",
    }

    answer = desk.post(page_of(order, "readdress"), typed)

    text = answer.content.decode()
    assert "Name one street or area" in text
    assert "北山街道" in text
    assert Order.objects.get(pk=order.pk).receiver_name == order.receiver_name


@pytest.mark.parametrize(("paid", "shown"), [(False, True), (True, False)])
def test_a_paid_order_offers_no_other_price(desk, paid, shown):
    order = make_order(paid=paid)

    page = desk.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    assert (page_of(order, "reprice") in page) is shown
    assert page_of(order, "readdress") in page


def test_only_who_may_lower_prices_sees_the_page(client):
    order = make_order()
    client.force_login(make_operator(is_superuser=False))

    assert client.get(page_of(order, "reprice")).status_code == 403
