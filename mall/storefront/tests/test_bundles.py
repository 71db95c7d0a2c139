"""The page of a bundle: its stock, what is in it, what one saves; parts in cart and order. C-13."""

import pytest

from catalog.services import take_off_sale
from catalog.testing import AT, make_bundle
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_shopper, signed_in
from orders.presenting import quote_dict
from orders.services import Ask, Wanted, quote, refresh_shelf
from orders.testing import make_order, make_stocked_sku
from promotions.testing import make_campaign, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea():
    """A pot and two cups of it: 198 + 2 x 68 alone, 299 together; 5 and 7 pieces make 3."""
    pot = make_stocked_sku(price_fen=19_800, on_hand=5, title_en="Pot", title_zh="壶")
    cup = make_stocked_sku(price_fen=6_800, on_hand=7, title_en="Cup", title_zh="杯")
    bundle = make_bundle({pot: 1, cup: 2}, price_fen=29_900, title_en="Tea set", title_zh="茶具")
    refresh_shelf(clock.now(), [bundle.product_id, pot.product_id, cup.product_id])
    return bundle, pot, cup


def page_of(client, bundle):
    return client.get(f"/en/product/{bundle.product_id}/")


def test_C_13_a_bundles_page_shows_the_least_part_its_parts_and_every_fen_it_saves(client, tea):
    bundle, pot, cup = tea

    page = page_of(client, bundle)

    assert "Only 3 left" in page.content.decode()
    shown = page.context["bundle"]
    assert [(part["title"], part["quantity"], part["sum_fen"]) for part in shown["parts"]] == [
        ("Pot", 1, 19_800),
        ("Cup", 2, 13_600),
    ]
    assert (shown["alone_fen"], shown["price_fen"], shown["saved_fen"]) == (33_400, 29_900, 3_500)
    assert shown["alone_fen"] == sum(part["sum_fen"] for part in shown["parts"])
    text = page.content.decode()
    assert f"/en/product/{pot.product_id}/?sku={pot.pk}" in text
    assert all(words in text for words in ("In this bundle", "¥334.00", "¥299.00", "¥35.00"))


def test_a_part_that_is_not_sold_alone_has_no_link_and_no_sum(client, tea):
    bundle, pot, cup = tea
    take_off_sale(product=cup.product, at=AT)

    page = page_of(client, bundle)

    shown = page.context["bundle"]
    assert [part["has_page"] for part in shown["parts"]] == [True, False]
    assert shown["saved_fen"] == 0
    assert f"/en/product/{cup.product_id}/" not in page.content.decode()


def test_ordinary_goods_have_no_such_part_and_pay_no_statement_for_it(client, tea):
    bundle, pot, _cup = tea
    page_of(client, pot)

    with count_queries(at_most=5):
        page = page_of(client, pot)
    with count_queries(at_most=6):
        page_of(client, bundle)

    assert page.context["bundle"] is None


def test_a_member_sees_a_bundle_in_one_statement_more(tea):
    bundle, pot, _cup = tea
    browser = signed_in(make_shopper())
    page_of(browser, pot)

    with count_queries() as plain:
        page_of(browser, pot)
    with count_queries() as richer:
        page_of(browser, bundle)

    assert len(richer) - len(plain) == 1, richer


def test_the_parts_cost_alone_what_a_quote_of_them_says_by_everybodys_price(client, tea):
    bundle, pot, cup = tea
    make_sale(prices={pot.pk: 15_000})
    make_campaign("quantity_price", rule={"steps": [{"pieces": 2, "rate_bp": 9_000}]})
    make_threshold_off()

    shown = page_of(client, bundle).context["bundle"]

    wanted = (Wanted(pot.pk, 1), Wanted(cup.pk, 2))
    lines = quote_dict(quote(ask=Ask(wanted=wanted), member_id=None, at=clock.now()))["lines"]
    tags = [
        line["list_fen"]
        - sum(step["amount_fen"] for step in line["steps"] if step["lane"] == "unit_price")
        for line in lines
    ]
    assert [part["sum_fen"] for part in shown["parts"]] == tags == [15_000, 12_240]


def test_cart_and_order_name_the_parts(client, tea):
    bundle, _pot, _cup = tea
    client.post("/en/cart/add/", {"sku_id": bundle.pk, "quantity": 1})
    member = make_shopper()
    order = make_order(member=member, sku=bundle)

    cart = client.get("/en/cart/").content.decode()
    shown = signed_in(member).get(f"/en/orders/{order.number}/").content.decode()

    for text in (cart, shown):
        assert "Cup × 2" in text
