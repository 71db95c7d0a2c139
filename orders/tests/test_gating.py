"""C-33: the price gradient before publication, prices from catalog and stock from inventory."""

import pytest
from django.utils import translation

from catalog.errors import PriceGradientRefused
from catalog.models import PriceGuard, Product
from catalog.services import (
    gradient_findings,
    publish_product,
    save_price_guard,
    set_sku_prices,
)
from catalog.testing import AT, make_product
from inventory.testing import make_stock
from members.testing import make_operator

pytestmark = pytest.mark.django_db


def draft(*prices):
    product = make_product(skus=len(prices), on_sale=False)
    skus = list(product.skus.order_by("pk"))
    tags = {sku.pk: (fen, fen) for sku, fen in zip(skus, prices, strict=True)}
    set_sku_prices(prices=tags, at=AT)
    return product, skus


def codes(product):
    return [finding.code for finding in gradient_findings(product, AT)]


def test_C_33_a_lure_of_10_yuan_without_stock_beside_200_shows_both_errors():
    product, (_cheap, dear) = draft(1_000, 20_000)
    make_stock(sku=dear, on_hand=5)

    with translation.override("en"), pytest.raises(PriceGradientRefused) as refusal:
        publish_product(product=product, at=AT)

    words = str(refusal.value)
    assert "The cheapest SKU is out of stock" in words
    assert "The price spread is too wide" in words
    product.refresh_from_db()
    assert product.status == Product.Status.DRAFT


def test_with_stock_of_the_cheapest_and_a_spread_of_exactly_three_it_goes_on_sale():
    product, (cheap, _dear) = draft(10_000, 30_000)
    make_stock(sku=cheap, on_hand=1)

    publish_product(product=product, at=AT)

    product.refresh_from_db()
    assert product.status == Product.Status.ON_SALE


def test_a_fen_above_three_times_is_too_wide():
    product, (cheap, _dear) = draft(10_000, 30_001)
    make_stock(sku=cheap, on_hand=1)

    assert codes(product) == ["wide_spread"]


def test_one_of_several_cheapest_in_stock_is_enough():
    product, (_first, second, _dear) = draft(10_000, 10_000, 20_000)

    assert codes(product) == ["cheapest_sold_out"]
    make_stock(sku=second, on_hand=1)
    assert codes(product) == []


def test_goods_of_one_price_have_no_gradient():
    product, _skus = draft(10_000, 10_000)

    assert codes(product) == []


def test_a_shop_that_only_warns_publishes_and_still_shows_the_findings():
    product, _skus = draft(1_000, 20_000)
    operator = make_operator()
    values = {"gradient_answer": PriceGuard.Answer.WARN}
    save_price_guard(values=values, at=AT, actor=operator)

    publish_product(product=product, at=AT, actor=operator)

    product.refresh_from_db()
    assert product.status == Product.Status.ON_SALE
    assert codes(product) == ["cheapest_sold_out", "wide_spread"]
