"""Products: written, put on sale, taken off."""

import pytest
from django.utils import translation

from catalog.errors import AttributeNotValid, CategoryNotLeaf, ProductNotReady
from catalog.models import Product, ProductAttribute, ShelfMark
from catalog.services import publish_product, save_product, set_attributes, take_off_sale
from catalog.testing import (
    AT,
    make_attribute,
    make_category,
    make_freight_template,
    make_product,
    make_root,
)
from mall.kernel.audit.models import AuditEntry
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks

pytestmark = pytest.mark.django_db


@pytest.fixture
def values():
    return {
        "code": "TEE",
        "title_zh": "纯棉短袖T恤",
        "title_en": "Cotton T-shirt",
        "freight_template": make_freight_template(),
    }


def test_a_root_category_takes_no_goods(values):
    with pytest.raises(CategoryNotLeaf):
        save_product(values={**values, "category": make_root()}, at=AT)

    assert not Product.objects.exists()


def test_a_category_with_children_takes_no_goods(values):
    middle = make_category()
    leaf = make_category(parent=middle)

    with pytest.raises(CategoryNotLeaf):
        save_product(values={**values, "category": middle}, at=AT)
    assert save_product(values={**values, "category": leaf}, at=AT).category == leaf


def test_a_new_product_is_a_draft_with_an_address_from_its_english_title(values):
    product = save_product(values={**values, "category": make_category()}, at=AT)

    assert (product.status, product.slug, product.version) == ("draft", "cotton-t-shirt", 1)
    assert AuditEntry.objects.get(verb="catalog.save_product").target_id == str(product.pk)


def test_a_product_without_sku_picture_or_required_attribute_does_not_go_on_sale(values):
    category = make_category()
    make_attribute(category, code="material", title_zh="材质", is_required=True)
    product = save_product(values={**values, "category": category}, at=AT)

    with translation.override("en"), pytest.raises(ProductNotReady) as refusal:
        publish_product(product=product, at=AT)

    missing = "a price for every SKU offered, a picture, 材质"
    assert refusal.value.facts == {"title": "纯棉短袖T恤", "missing": missing}
    assert not OutboxEvent.objects.filter(name="catalog.product_published").exists()
    product.refresh_from_db()
    assert product.status == Product.Status.DRAFT


def test_a_price_of_zero_does_not_go_on_sale():
    product = make_product(price_fen=0, on_sale=False)

    with pytest.raises(ProductNotReady):
        publish_product(product=product, at=AT)


def test_I_24_a_missing_weight_blocks_a_product_whose_freight_goes_by_weight():
    by_weight = make_product(on_sale=False, weight_grams=0)
    flat = make_freight_template(step_fee_fen=0)
    by_piece = make_product(on_sale=False, weight_grams=0, freight_template=flat)

    with translation.override("en"), pytest.raises(ProductNotReady) as refusal:
        publish_product(product=by_weight, at=AT)
    publish_product(product=by_piece, at=AT)

    assert refusal.value.facts["missing"] == "a weight for every SKU offered"
    by_weight.refresh_from_db()
    assert by_weight.status == Product.Status.DRAFT
    by_weight.skus.update(weight_grams=300)
    assert publish_product(product=by_weight, at=AT).status == Product.Status.ON_SALE


def test_publishing_is_one_event_one_audit_row_one_mark_and_repeating_it_nothing():
    product = make_product(on_sale=False)
    ShelfMark.objects.all().delete()

    for _ in range(2):
        publish_product(product=product, at=AT)

    product.refresh_from_db()
    assert (product.status, product.listed_at) == (Product.Status.ON_SALE, AT)
    assert OutboxEvent.objects.filter(name="catalog.product_published").count() == 1
    assert AuditEntry.objects.filter(verb="catalog.publish_product").count() == 1
    assert list(ShelfMark.objects.values_list("product_id", flat=True)) == [product.pk]


def _publish(product):
    publish_product(product=product, at=AT)


@pytest.mark.django_db(transaction=True)
def test_ten_operators_put_a_product_on_sale_once():
    product = make_product(on_sale=False)

    with all_read_before_any_writes(
        "catalog.services.publishing.check_ready", 10, or_a_lock_holds_them=True
    ):
        outcomes = stampede(10, lambda _number: _publish(product))

    assert not outcomes.errors
    assert OutboxEvent.objects.filter(name="catalog.product_published").count() == 1
    assert AuditEntry.objects.filter(verb="catalog.publish_product").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_locks_they_put_it_on_sale_more_than_once():
    """The control."""
    product = make_product(on_sale=False)

    with without_locks(), all_read_before_any_writes("catalog.services.publishing.check_ready", 4):
        stampede(4, lambda _number: _publish(product))

    assert OutboxEvent.objects.filter(name="catalog.product_published").count() > 1


def test_taking_off_sale_twice_is_once():
    product = make_product()

    for _ in range(2):
        take_off_sale(product=product, at=AT)

    product.refresh_from_db()
    assert product.status == Product.Status.OFF_SALE
    assert OutboxEvent.objects.filter(name="catalog.product_taken_off").count() == 1


def test_a_product_on_sale_cannot_lose_a_required_attribute():
    category = make_category()
    make_attribute(category, code="material", is_required=True)
    product = make_product(category=category, attributes={"material": ("纯棉", "Cotton")})

    with pytest.raises(ProductNotReady):
        set_attributes(product=product, values={}, at=AT)

    assert product.attribute_values.get().value_zh == "纯棉"


def test_attributes_of_the_parent_category_hold_below_it():
    root = make_root()
    make_attribute(root, code="origin")
    product = make_product(
        category=make_category(parent=root), attributes={"origin": ("云南", "Yunnan")}
    )

    assert product.attribute_values.get().value_en == "Yunnan"


@pytest.mark.parametrize(
    ("kind", "value"), [("choice", "石头"), ("number", "十二"), ("number", "1.2.3")]
)
def test_a_value_outside_the_schema_is_refused(kind, value):
    category = make_category()
    choices = [{"zh": "纯棉", "en": "Cotton"}]
    make_attribute(category, code="material", kind=kind, choices=choices)
    product = make_product(category=category)

    with pytest.raises(AttributeNotValid):
        set_attributes(product=product, values={"material": (value, "")}, at=AT)
    with pytest.raises(AttributeNotValid):
        set_attributes(product=product, values={"colour": ("红", "red")}, at=AT)

    assert not ProductAttribute.objects.exists()


def test_a_choice_brings_its_english_word_with_it():
    category = make_category()
    choices = [{"code": "cotton", "zh": "纯棉", "en": "Cotton"}]
    make_attribute(category, code="material", kind="choice", choices=choices)
    product = make_product(category=category, attributes={"material": ("纯棉", "")})

    row = product.attribute_values.get()

    assert (row.value_zh, row.value_en) == ("纯棉", "Cotton")
