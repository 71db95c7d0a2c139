"""What prices and receipts read."""

import pytest

from catalog.models import Sku
from catalog.selectors import skus_for_pricing
from catalog.services import take_off_sale
from catalog.testing import AT, make_brand, make_category, make_product

pytestmark = pytest.mark.django_db


def test_facts_of_a_sku_hold_all_that_a_price_and_a_receipt_need():
    brand = make_brand()
    category = make_category()
    product = make_product(
        "纯棉短袖T恤", price_fen=9_900, skus=2, category=category, brand=brand, weight_grams=300
    )
    sku = product.skus.get(code__endswith="s2")

    facts = skus_for_pricing([sku.pk], AT)[sku.pk]

    assert (facts.code, facts.product_id, facts.title_zh) == (sku.code, product.pk, "纯棉短袖T恤")
    assert facts.category_path == (category.parent_id, category.pk)
    assert (facts.brand_id, facts.template_id) == (brand.pk, product.freight_template_id)
    assert (facts.price_fen, facts.list_price_fen, facts.weight_grams) == (9_900, 9_900, 300)
    assert facts.options == (("尺码", "Size", "2号", "Size 2"),)
    assert facts.image
    assert facts.image["file"] == product.gallery.get().media.file.name
    assert facts.is_buyable


def test_a_sku_of_a_product_off_sale_cannot_be_bought():
    product = make_product()
    sku = product.skus.get()
    take_off_sale(product=product, at=AT)

    assert not skus_for_pricing([sku.pk], AT)[sku.pk].is_buyable


@pytest.mark.parametrize("products", [1, 8])
def test_facts_cost_one_query_however_many_skus(products, django_assert_num_queries):
    category = make_category()
    for _ in range(products):
        make_product(skus=3, category=category)
    ids = list(Sku.objects.values_list("pk", flat=True))

    with django_assert_num_queries(1):
        assert len(skus_for_pricing(ids, AT)) == 3 * products
