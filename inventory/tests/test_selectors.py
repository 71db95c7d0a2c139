from datetime import UTC, datetime

import pytest

from catalog.testing import make_product, make_sku
from inventory.selectors import StockBadge, available_pieces, stock_badges
from inventory.services import reserve_stock
from inventory.testing import make_stock, make_warehouse
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_free_pieces_are_summed_over_the_warehouses_that_ship():
    sku = make_sku()
    make_stock(sku=sku, on_hand=3, warehouse=make_warehouse())
    make_stock(sku=sku, on_hand=4, warehouse=make_warehouse())
    make_stock(sku=sku, on_hand=9, warehouse=make_warehouse(is_active=False))
    reserve_stock(order_number="A1", wanted={"0": (sku.pk, 2)}, region_code="33", at=AT)

    with count_queries(at_most=1):
        assert available_pieces([sku.pk, 10**9]) == {sku.pk: 5, 10**9: 0}


def test_a_product_is_in_stock_while_one_offered_sku_is():
    product = make_product(skus=2)
    first, second = product.skus.all()
    make_stock(sku=first, on_hand=0)
    make_stock(sku=second, on_hand=3)
    hidden = make_product(skus=1)
    hidden_sku = hidden.skus.get()
    make_stock(sku=hidden_sku, on_hand=8)
    hidden.skus.update(is_active=False)

    with count_queries(at_most=1):
        badges = stock_badges([product.pk, hidden.pk])

    assert badges == {product.pk: StockBadge(3), hidden.pk: StockBadge(0)}
    assert (badges[product.pk].in_stock, badges[product.pk].is_scarce) == (True, True)
    assert (badges[hidden.pk].in_stock, badges[hidden.pk].is_scarce) == (False, False)
