"""Favourites and viewed products on pages; goods beside a product go into the cart (C-07, C-08,
C-09, C-12)."""

import pytest
from django.urls import reverse

from catalog.models import ProductView, RelatedProduct
from mall.kernel.outbox import relay_batch
from members.testing import make_member
from orders.models import CartLine
from orders.services import refresh_shelf
from orders.testing import NOON, make_order, make_stocked_sku

pytestmark = pytest.mark.django_db
HEARTS = ("beside the pictures", "in the bar of a narrow screen")


@pytest.fixture
def member(client):
    member = make_member()
    client.force_login(member.account)
    return member


def url(name, *args):
    with_name = f"storefront:{name}"
    return reverse(with_name, args=args)


def shelved(count=1):
    skus = [make_stocked_sku() for _n in range(count)]
    refresh_shelf(NOON, [sku.product_id for sku in skus])
    return skus


def ids(page):
    return [card["id"] for card in page.context["cards"]]


def test_C_07_favourites_are_listed_and_counted_on_the_product(client, member):
    (sku,) = shelved()

    client.post(url("favourite", sku.product_id))

    assert ids(client.get(url("favourites"))) == [sku.product_id]
    page = client.get(url("product", sku.product_id))
    assert page.context["favourites_count"] == 1
    assert page.content.decode().count('<span class="num">1</span></button>') == len(HEARTS)


def test_C_08_three_viewed_products_newest_first_and_clear_empties_it(client, member):
    products = [sku.product_id for sku in shelved(3)]
    for pk in products:
        assert client.post(url("seen", pk), {"from": "/search/"}).status_code == 204

    assert ids(client.get(url("history"))) == products[::-1]
    assert ids(client.get(url("viewed"), {"but": products[2]})) == products[1::-1]
    client.post(url("history_change"), {"product_id": products[1]})
    assert ids(client.get(url("history"))) == [products[2], products[0]]
    client.post(url("history_change"), {"do": "clear"})
    assert ids(client.get(url("history"))) == []


def test_C_08_who_switched_it_off_leaves_no_trace(client, member):
    (sku,) = shelved()
    client.post(url("history_change"), {"do": "off"})

    client.post(url("seen", sku.product_id))

    assert not ProductView.objects.exists()
    client.post(url("history_change"), {"do": "on"})
    client.post(url("seen", sku.product_id))
    assert ProductView.objects.count() == 1


def test_C_08_what_a_guest_looked_at_stays_in_the_browser(client):
    products = [sku.product_id for sku in shelved(2)]

    assert client.post(url("seen", products[0])).status_code == 204
    page = client.get(
        url("viewed"), {"ids": f"{products[0]},{products[1]},x,999999", "but": products[1]}
    )

    assert not ProductView.objects.exists()
    assert ids(page) == [products[0]]


def test_C_09_card_and_page_say_how_many_members_bought_it(client):
    (sku,) = shelved()
    for _n in range(2):
        make_order(sku=sku, paid=True)
    relay_batch(NOON)
    refresh_shelf(NOON, [sku.product_id])

    page = client.get(url("product", sku.product_id)).content.decode()

    assert '<b class="num">2</b>' in page


def test_C_12_what_was_chosen_is_shown_and_goes_into_the_cart_as_related(client, member):
    shown, other = shelved(2)
    RelatedProduct.objects.create(product=shown.product, related=other.product)

    page = client.get(url("product", shown.product_id))
    added = client.post(
        url("cart_add"),
        {"product_id": other.product_id, "quantity": "1", "source": "related"},
    )

    assert [card["id"] for card in page.context["related"]] == [other.product_id]
    assert added.status_code == 302
    line = CartLine.objects.get()
    assert (line.sku_id, line.source) == (other.pk, "related")
