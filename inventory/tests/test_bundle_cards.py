"""Cards of bundles follow the warehouses where their parts lie. C-13."""

import pytest

from catalog.models import ShelfMark
from catalog.testing import AT, make_bundle, make_sku
from inventory.models import Warehouse
from inventory.services import save_warehouse
from inventory.testing import make_stock, make_warehouse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values", [{"is_active": False}, {"kind": Warehouse.Kind.CLOUD}], ids=["out of use", "a cloud"]
)
def test_a_warehouse_that_sells_no_more_renews_the_cards_of_goods_and_their_bundles(values):
    house, other = make_warehouse(), make_warehouse()
    part, elsewhere = make_sku(), make_sku()
    make_stock(sku=part, on_hand=3, warehouse=house)
    make_stock(sku=elsewhere, on_hand=3, warehouse=other)
    bundle, _untouched = make_bundle({part: 2}), make_bundle({elsewhere: 1})
    ShelfMark.objects.all().delete()
    for name, value in values.items():
        setattr(house, name, value)

    save_warehouse(warehouse=house, changed=list(values), at=AT)

    marked = set(ShelfMark.objects.values_list("product_id", flat=True))
    assert marked == {part.product_id, bundle.product_id}
