"""Scores follow the attributes of a category and the price guard. Source: C-35, C-36."""

import pytest

from catalog.events import ListingsOutdated
from catalog.importing import read_shipload
from catalog.models import PriceGuard, Product
from catalog.services import (
    import_batch,
    outdating,
    save_price_guard,
    save_publishing_policy,
    set_sku_prices,
)
from catalog.subscribers import grade_again
from catalog.testing import AT, make_attribute, make_category, make_product
from catalog.tests.screens import formset, page, seller
from mall.kernel.outbox import relay
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def outdated():
    return OutboxEvent.objects.filter(name=ListingsOutdated.name)


def flags_of(product):
    relay()
    product.refresh_from_db()
    return product.quality_flags


def category_form(category, *attributes):
    return {
        "parent": category.parent_id,
        "slug": category.slug,
        "title_zh": category.title_zh,
        "title_en": category.title_en,
        "sort": 0,
        "is_active": "on",
        **formset("attribute_definitions", *attributes),
    }


def test_C_35_an_attribute_more_in_the_form_of_a_category_flags_its_goods(client, seller):
    middle = make_category()
    category = make_category(parent=middle)
    product, other = make_product(category=category), make_product()
    assert "attributes_empty" not in flags_of(product)
    attribute = {"code": "material", "title_zh": "材质", "title_en": "Material", "kind": "text"}
    row = {**attribute, "sort": 0, "choices": ""}

    answer = client.post(page("category_change", middle.pk), category_form(middle, row))

    assert answer.status_code == 302
    assert [event.payload["product_ids"] for event in outdated()] == [[product.pk]]
    assert "attributes_empty" in flags_of(product)
    assert "attributes_empty" not in flags_of(other)


def test_a_category_saved_as_it_was_grades_nothing(client, seller):
    category = make_category()
    make_product(category=category)

    client.post(page("category_change", category.pk), category_form(category))

    assert not outdated().exists()


def test_C_36_another_spread_grades_every_listing_again():
    product = make_product(skus=2)
    cheap, dear = product.skus.all()
    set_sku_prices(prices={cheap.pk: (1_000, 1_000), dear.pk: (2_900, 2_900)}, at=AT)
    assert "wide_spread" not in flags_of(product)

    save_price_guard(values={"spread_bp": 20_000}, at=AT, actor=None)
    assert "wide_spread" in flags_of(product)

    save_price_guard(values={"drop_bp": 2_000}, at=AT, actor=None)
    assert outdated().count() == 1
    assert PriceGuard.objects.get().spread_bp == 20_000


def test_C_35_another_share_that_may_be_empty_grades_every_listing_again():
    category = make_category()
    make_attribute(category, code="material")
    product = make_product(category=category)
    assert "attributes_empty" in flags_of(product)

    save_publishing_policy(values={"most_empty_bp": 10_000}, at=AT, actor=None)

    assert "attributes_empty" not in flags_of(product)
    save_publishing_policy(values={"alert_days": 14}, at=AT, actor=None)
    assert outdated().count() == 1


def test_the_goods_of_a_shop_go_out_in_batches_by_one_statement(monkeypatch):
    monkeypatch.setattr(outdating, "BATCH", 2)
    products = [make_product() for _n in range(5)]

    with count_queries() as seen:
        outdating.outdate_listings(at=AT)

    assert len(seen.sql) <= 2 + 2  # and a savepoint
    told = [pk for event in outdated() for pk in event.payload["product_ids"]]
    assert sorted(told) == sorted(product.pk for product in products)
    grade_again(ListingsOutdated(product_ids=tuple(told), at=AT))


def test_C_35_attributes_that_a_file_brings_flag_the_goods_that_lack_them_once(tmp_path):
    def brought(code, names, values):
        path = tmp_path / f"{code}.csv"
        head = ",".join(["product_code,title_zh,category,price_yuan", *names])
        path.write_text(f"{head}\n{code},纯棉短袖,服装 > 上装,99,{values}", encoding="utf-8")
        import_batch(read_shipload(path).goods, at=AT)
        return Product.objects.get(code=code)

    old = brought("F1", ["attr:材质"], "棉")
    assert "attributes_empty" not in flags_of(old)
    before = outdated().count()

    brought("F2", ["attr:材质", "attr:领型", "attr:产地"], "棉,圆领,苏州")

    assert outdated().count() == before + 1
    assert "attributes_empty" in flags_of(old)
