"""C-70: the stage of a product from its weekly sales, and what the admin suggests."""

from datetime import timedelta

import pytest
from django.urls import reverse

from analytics.models import DailyProduct
from analytics.services import stage_all_products
from catalog.models import Product
from catalog.testing import AT, make_product
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_operator

pytestmark = pytest.mark.django_db

NOW = AT + timedelta(weeks=20)


def sold(product, *weeks):
    """Pieces a week, the latest last, sold on the last day of each."""
    today = clock.day_of(NOW)
    for age, pieces in enumerate(reversed(weeks)):
        day = today - timedelta(days=1 + 7 * age)
        DailyProduct.objects.create(product=product, day=day, units=pieces)


def stage(product):
    product.refresh_from_db()
    return product.stage


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ((40, 40, 40, 40, 40, 34, 28, 20), Product.Stage.FALLING),
        ((5, 5, 5, 5, 10, 14, 20, 30), Product.Stage.RISING),
        ((30, 30, 30, 30, 30, 29, 31, 30), Product.Stage.MATURE),
        ((40, 40, 40, 40, 5, 3, 1, 0), Product.Stage.CLEARANCE),
        ((0, 0, 0, 0, 0, 0, 0, 0), Product.Stage.CLEARANCE),
    ],
)
def test_C_70_the_sales_curve_tells_the_stage(weeks, expected):
    product = make_product()
    sold(product, *weeks)

    assert stage_all_products(NOW) == 1
    assert stage(product) == expected
    assert stage_all_products(NOW) == 0


def test_goods_of_the_first_four_weeks_are_new_whatever_they_sell():
    product = make_product(at=NOW - timedelta(weeks=3))
    sold(product, 9, 7, 5)

    stage_all_products(NOW)

    assert stage(product) == Product.Stage.NEW


def test_today_and_what_is_off_sale_do_not_count():
    product, draft = make_product(), make_product(on_sale=False)
    sold(product, 30, 30, 30, 30, 30, 29, 31, 30)
    DailyProduct.objects.create(product=product, day=clock.day_of(NOW), units=999)

    stage_all_products(NOW)

    assert (stage(product), stage(draft)) == (Product.Stage.MATURE, Product.Stage.UNKNOWN)


def test_C_70_a_falling_product_is_shown_with_the_bundle_as_advice(client):
    product = make_product()
    sold(product, 40, 40, 40, 40, 40, 34, 28, 20)
    stage_all_products(NOW)
    client.force_login(make_operator(), backend="members.backends.AccountBackend")

    client.cookies["django_language"] = "en"
    address = reverse("admin:catalog_product_change", args=[product.pk])
    shown = client.get(address).content.decode()

    assert "falling" in shown
    assert "bundle" in shown


@pytest.mark.parametrize("products", [2, 50])
def test_staging_costs_the_same_queries_however_many_products(products):
    for _number in range(products):
        sold(make_product(), 40, 40, 40, 40, 40, 34, 28, 20)

    with count_queries(at_most=5):
        assert stage_all_products(NOW) == products
