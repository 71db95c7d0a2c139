"""Favourites, what was looked at, what goes with a product (C-07, C-08, C-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import Favourite, Product, ProductView, RelatedProduct
from catalog.selectors import cards_beside, favourites_of, product_page, views_of
from catalog.services import (
    clear_views,
    drop_favourite,
    drop_view,
    forget_old_views,
    keep_favourite,
    record_view,
    toggle_favourite,
)
from catalog.services.viewing import KEPT_DAYS, MOST_KEPT
from catalog.testing import make_category, make_operator, make_product, shelve
from mall.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account():
    return make_operator(username="one")


def product_ids(rows):
    return [row.product_id for row in rows]


def test_C_07_a_favourite_is_kept_once_listed_and_counted(account):
    product, other = make_product(), make_product()

    first = [keep_favourite(account=account, product_id=product.pk, at=NOON) for _n in range(2)]
    keep_favourite(account=account, product_id=other.pk, at=NOON + MINUTE)

    assert first == [True, False]
    assert product_ids(favourites_of(account.pk, NOON)) == [other.pk, product.pk]
    page = product_page(product.pk, at=NOON, account_id=account.pk)
    assert (page.favourites_count, page.is_favourite) == (1, True)
    assert drop_favourite(account=account, product_id=product.pk)
    assert not drop_favourite(account=account, product_id=product.pk)
    assert product_page(product.pk, at=NOON).favourites_count == 0


def test_what_left_the_shop_is_let_go_and_not_kept_anew(account):
    product = make_product()
    keep_favourite(account=account, product_id=product.pk, at=NOON)
    Product.objects.update(status=Product.Status.OFF_SALE)

    assert not favourites_of(account.pk, NOON)
    assert toggle_favourite(account=account, product_id=product.pk, at=NOON) is False
    with pytest.raises(NotFound):
        toggle_favourite(account=account, product_id=product.pk, at=NOON)
    assert not Favourite.objects.exists()


def test_C_08_three_products_are_there_newest_first_and_clearing_empties_it(account):
    products = [make_product() for _n in range(3)]
    for number, product in enumerate([*products, products[0]]):
        record_view(
            account=account, product_id=product.pk, path="/search/", at=NOON + number * MINUTE
        )

    found = views_of(account.pk, NOON + MINUTE)

    assert product_ids(found) == [products[0].pk, products[2].pk, products[1].pk]
    assert found[0].path == "/search/"
    assert drop_view(account=account, product_id=products[2].pk)
    assert clear_views(account=account) == 2
    assert not ProductView.objects.exists()


def test_one_account_does_not_see_or_clear_what_another_looked_at(account):
    other, product = make_operator(username="two"), make_product()
    record_view(account=other, product_id=product.pk, at=NOON)

    assert not views_of(account.pk, NOON)
    assert clear_views(account=account) == 0
    assert ProductView.objects.get().account == other


def test_C_08_what_is_old_is_not_shown_and_then_deleted(account):
    product = make_product()
    record_view(account=account, product_id=product.pk, at=NOON)
    too_late = NOON + timedelta(days=KEPT_DAYS, seconds=1)

    assert not views_of(account.pk, too_late)
    assert (forget_old_views(NOON + MINUTE), forget_old_views(too_late)) == (0, 1)


def test_the_oldest_make_room(account):
    products = Product.objects.bulk_create(
        Product(
            code=f"V{number}",
            title_zh=f"商品{number}",
            status=Product.Status.OFF_SALE,
            category=first.category,
            freight_template=first.freight_template,
        )
        for first in [make_product()]
        for number in range(MOST_KEPT)
    )
    ProductView.objects.bulk_create(
        ProductView(account=account, product=product, at=NOON + number * MINUTE)
        for number, product in enumerate(products)
    )

    record_view(account=account, product_id=make_product().pk, at=NOON + timedelta(days=1))

    assert ProductView.objects.count() == MOST_KEPT
    assert not ProductView.objects.filter(product=products[0]).exists()


def test_C_12_what_an_operator_chose_comes_first_in_its_order_and_each_once():
    category = make_category()
    shown, best, second, first = [make_product(category=category) for _n in range(4)]
    for product, sales in ((shown, 9), (best, 8), (second, 0), (first, 1)):
        Product.objects.filter(pk=product.pk).update(sales_count=sales)
        shelve(product, at=NOON)
    RelatedProduct.objects.create(product=shown, related=first, sort=2)
    RelatedProduct.objects.create(product=shown, related=second, sort=1)

    rows = cards_beside(
        category.path_ids, around=category.pk, at=NOON, companions=2, count=5, beside=shown.pk
    )

    assert [row["product_id"] for row in rows] == [second.pk, first.pk, best.pk]
