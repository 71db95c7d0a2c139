"""What lists are narrowed by, what stands in front of them, what somebody keeps in mind."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from catalog.selectors import (
    branch_path,
    brands_in,
    brands_of,
    category_tree,
    favourite_ids,
    home_cards,
    product_page,
)
from catalog.services import take_off_sale, toggle_favourite
from catalog.testing import AT, make_brand, make_category, make_product, make_root, shelve
from mall.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
SALE = [{"kind": "sale", "label_zh": "限时", "label_en": "Sale"}]


def test_the_brands_of_a_category_are_those_with_something_on_sale_below_it():
    root = make_root()
    here, there, sold = make_brand(), make_brand(), make_brand()
    make_product(category=make_category(root), brand=here)
    make_product(brand=there)
    gone = make_product(category=make_category(root), brand=sold)
    take_off_sale(product=gone, at=AT)

    assert [row["id"] for row in brands_in(root)] == [here.pk]
    assert {row["id"] for row in brands_in(None)} == {here.pk, there.pk}
    assert [row["id"] for row in brands_of([there.pk])] == [there.pk]


def test_reduced_goods_stand_in_the_order_in_which_their_price_ends():
    late, soon, plain, out = (make_product() for _n in range(4))
    for product, days, in_stock in ((late, 9, True), (soon, 2, True), (out, 1, False)):
        shelve(
            product, badges=SALE, price_fen=5_000, list_price_fen=9_000, in_stock=in_stock,
            valid_until=AT + timedelta(days=days),
        )  # fmt: skip
    shelve(plain)

    rows = home_cards(at=AT, count=0, reduced=12)["reduced"]

    assert [row["product_id"] for row in rows] == [soon.pk, late.pk]
    assert rows[0]["valid_until"] == AT + timedelta(days=2)


def test_a_branch_is_found_with_all_above_it():
    root = make_root()
    middle = make_category(root)
    leaf = make_category(middle)

    path = branch_path(category_tree(), leaf.slug)

    assert [branch.pk for branch in path] == [root.pk, middle.pk, leaf.pk]
    with pytest.raises(NotFound):
        branch_path(category_tree(), "nowhere")


def test_a_product_page_takes_one_statement_however_much_there_is(django_assert_num_queries):
    account = get_user_model().objects.create(username="somebody")
    small, large = make_product(), make_product(skus=12, attributes=None)
    toggle_favourite(account=account, product_id=large.pk, at=AT)

    for product, is_kept in ((small, False), (large, True)):
        with django_assert_num_queries(1):
            page = product_page(product.pk, at=AT, account_id=account.pk)
        assert page.is_favourite is is_kept
        assert set(page.facts()) == {sku.pk for sku in product.skus.all()}


def test_favourites_come_latest_first_without_what_is_off_sale():
    account = get_user_model().objects.create(username="somebody")
    first, second, gone = (make_product() for _n in range(3))
    for minute, product in enumerate((first, second, gone)):
        toggle_favourite(account=account, product_id=product.pk, at=AT + timedelta(minutes=minute))
    take_off_sale(product=gone, at=AT)

    assert favourite_ids(account.pk) == [second.pk, first.pk]
