"""Pages say what is so: an empty cart goes well with nothing, a closed order has nothing to pay, a
paid one has no hour to pay by."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from mall.kernel import clock
from mall.storefront.tests.shop import make_goods, make_shopper, signed_in
from orders.services import cancel_order
from orders.testing import make_order, make_presale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member():
    return make_shopper()


def text_of(response):
    return response.content.decode()


def test_an_empty_cart_recommends_and_does_not_match(client):
    sku = make_goods("茶壶").skus.get()
    make_goods("茶杯")
    empty = text_of(client.get("/en/cart/"))
    client.post("/cart/add/", {"sku_id": sku.pk, "quantity": "1"})
    filled = text_of(client.get("/en/cart/"))

    heads = [("Picked for you" in page, "Goes well with it" in page) for page in (empty, filled)]
    assert heads == [(True, False), (False, True)]


def test_a_closed_order_that_was_not_paid_asks_for_nothing(member):
    order = make_order(member=member, at=clock.now())
    path = f"/en/orders/{order.number}/"
    unpaid = text_of(signed_in(member).get(path))
    cancel_order(number=order.number, member_id=member.pk, reason="changed_mind", at=clock.now())

    closed = signed_in(member).get(path)

    totals = [
        re.findall(r'receipt__total"><span>([^<]+)', page) for page in (unpaid, text_of(closed))
    ]
    assert totals == [["To pay"], ["Total"]]
    headline = closed.context["status"]["headline"]
    assert f"{headline[0].upper()}{headline[1:]}</h2>" in text_of(closed)


def test_a_card_wears_two_badges_and_says_what_is_saved_where_there_is_room():
    badge = {"kind": "gift", "label": "买赠"}
    card = {"id": 1, "name": "茶", "price_fen": 5_000, "list_price_fen": 6_000, "rating": {}}

    shown = [
        render_to_string("components/_card_words.html", {"card": {**card, "badges": badges}})
        for badges in ([], [badge], [badge, {"kind": "sale", "label": "特价"}, badge])
    ]

    counts = [(page.count('class="badge '), page.count("badge--saved")) for page in shown]
    assert counts == [(1, 1), (2, 1), (2, 0)]


def test_days_of_a_presale_are_written_as_everywhere():
    make_presale(sku=make_goods("礼盒", price_fen=20_000).skus.get(), at=clock.now())

    facts = text_of(Client().get("/en/presale/"))

    assert re.search(r"¥150, from \d{1,2} [A-Z][a-z]{2} \d\d:\d\d to \d{1,2} [A-Z][a-z]{2}", facts)


def test_the_statement_of_a_complaint_is_a_tick_with_its_words_beside_it():
    product = make_goods("茶壶")
    path = f"/en/product/{product.pk}/complain/"

    asked = text_of(Client().get(path))
    refused = text_of(Client().post(path, {"right": "trademark"}))

    assert ">Trademark</option>" in asked
    for page in (asked, refused):
        assert page.count('class="field field--tick') == 1
    assert 'id="id_is_true_error"' in refused
