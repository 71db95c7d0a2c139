"""Sales and ratings that orders report."""

import pytest
from django.contrib.auth import get_user_model

from catalog.models import Product, ShelfMark
from catalog.services import add_rating, add_sales, toggle_favourite
from catalog.testing import AT, make_product
from mall.kernel.errors import NotFound
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import stampede

pytestmark = pytest.mark.django_db


def test_sales_are_added_and_taken_back():
    product, other = make_product(), make_product()
    ShelfMark.objects.all().delete()

    add_sales({product.pk: 3, other.pk: 0})
    add_sales({product.pk: -1})
    add_sales({})

    product.refresh_from_db()
    assert product.sales_count == 2
    assert set(ShelfMark.objects.values_list("product_id", flat=True)) == {product.pk}


def test_ratings_add_up_and_can_be_taken_back():
    product = make_product()

    add_rating(product_id=product.pk, rating=5)
    add_rating(product_id=product.pk, rating=2)
    add_rating(product_id=product.pk, rating=2, count=-1)

    product.refresh_from_db()
    assert (product.rating_sum, product.rating_count) == (5, 1)


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_is_one_to_five(rating):
    with pytest.raises(ValueError, match="1 to 5"):
        add_rating(product_id=1, rating=rating)


def test_products_are_locked_in_order_before_their_counts_change():
    first, second = make_product(), make_product()

    with count_queries() as statements:
        add_sales({second.pk: 1, first.pk: 1})

    assert statements.sql[0].endswith(
        'ORDER BY "catalog_product"."id" ASC FOR NO KEY UPDATE OF "catalog_product"'
    )
    assert statements.sql[1].startswith('UPDATE "catalog_product"')


@pytest.mark.django_db(transaction=True)
def test_twenty_orders_at_once_lose_no_sale():
    first, second = make_product(), make_product()

    outcomes = stampede(
        20, lambda n: add_sales(dict([(first.pk, 1), (second.pk, 1)][:: 1 if n % 2 else -1]))
    )

    assert not outcomes.errors
    assert set(Product.objects.values_list("sales_count", flat=True)) == {20}


def test_a_favourite_is_switched_on_and_off():
    account = get_user_model().objects.create(username="shopper")
    product = make_product()

    assert toggle_favourite(account=account, product_id=product.pk, at=AT) is True
    assert toggle_favourite(account=account, product_id=product.pk, at=AT) is False
    with pytest.raises(NotFound):
        toggle_favourite(account=account, product_id=make_product(on_sale=False).pk, at=AT)


@pytest.mark.django_db
def test_a_cancelled_order_leaves_no_piece_even_when_its_events_come_the_wrong_way_round():
    product = make_product()

    add_sales({product.pk: -2})
    add_sales({product.pk: 2})

    product.refresh_from_db()
    assert product.sales_count == 0
