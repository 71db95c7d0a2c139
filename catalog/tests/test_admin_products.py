"""Products on the operators' screens: made, changed, pictured, put on sale, multiplied by axes."""

import json

import pytest
from django.contrib.admin.models import LogEntry

from catalog.models import PriceChange, Product
from catalog.services import set_attributes
from catalog.testing import (
    AT,
    make_attribute,
    make_category,
    make_picture_file,
    make_product,
    make_root,
)
from catalog.tests.screens import change, page, product_form, seller, sku_row, text
from mall.kernel.audit.models import AuditEntry

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def test_C_01_a_level_one_category_is_a_validation_error(client, seller):
    answer = client.post(page("product_add"), product_form(make_root()))

    assert answer.status_code == 200
    assert "category" in answer.context["adminform"].form.errors
    assert not Product.objects.exists()


def test_a_product_is_made_through_the_verb(client, seller):
    category = make_category()

    answer = client.post(page("product_add"), product_form(category))

    assert answer.status_code == 302
    product = Product.objects.get()
    assert (product.status, product.slug, product.category) == ("draft", "cotton-t-shirt", category)
    assert AuditEntry.objects.get(verb="catalog.save_product").actor == seller


def five_attributes(category):
    for number in range(1, 6):
        kind = "choice" if number == 5 else "number" if number == 4 else "text"
        make_attribute(
            category,
            code=f"a{number}",
            title_zh=f"参数{number}",
            kind=kind,
            choices=[{"zh": "硅胶", "en": "Silicone"}] if kind == "choice" else [],
            is_required=True,
        )


def test_C_04_five_required_attributes_are_five_fields_and_all_must_be_filled(client, seller):
    category = make_category(title_zh="手机壳")
    five_attributes(category)

    empty = client.get(page("product_add"), {"category": category.pk})
    lacking = client.post(page("product_add"), product_form(category, attribute_a1="透明"))

    assert all(f'name="attribute_a{number}"' in text(empty) for number in range(1, 6))
    assert set(lacking.context["adminform"].form.errors) == {
        "attribute_a2",
        "attribute_a3",
        "attribute_a4",
        "attribute_a5",
    }
    assert not Product.objects.exists()


def test_attribute_values_are_kept_in_both_languages(client, seller):
    category = make_category()
    five_attributes(category)
    typed = {
        "attribute_a1": "透明",
        "attribute_a1_in_english": "Clear",
        "attribute_a2": "二",
        "attribute_a3": "三",
        "attribute_a4": "12.5",
        "attribute_a5": "硅胶",
    }

    answer = client.post(page("product_add"), product_form(category, **typed))

    assert answer.status_code == 302
    product = Product.objects.get()
    values = product.attribute_values.values_list("definition__code", "value_zh", "value_en")
    assert sorted(values) == [
        ("a1", "透明", "Clear"),
        ("a2", "二", ""),
        ("a3", "三", ""),
        ("a4", "12.5", ""),
        ("a5", "硅胶", "Silicone"),
    ]
    shown = text(client.get(page("product_change", product.pk)))
    assert 'value="透明"' in shown


def test_the_last_sku_of_a_product_on_sale_cannot_be_switched_off(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    row = sku_row(product.skus.get())
    del row["is_active"]

    answer = change(client, product, row)

    assert answer.status_code == 200
    assert product.skus.get().is_active
    [told] = answer.context["adminform"].form.non_field_errors()
    assert told.startswith("纯棉短袖T恤")


@pytest.fixture
def switched_off():
    """A product and its two rows, both switched off: the shop refuses the second one."""
    product = make_product(price_fen=10_000, list_price_fen=12_000, skus=2)
    rows = [sku_row(sku) for sku in product.skus.order_by("pk")]
    for row in rows:
        del row["is_active"]
    return product, rows


def test_what_was_told_before_a_refusal_is_taken_back_with_the_rest(client, seller, switched_off):
    product, (first, second) = switched_off

    answer = change(client, product, {**first, "price_fen": "1.00"}, second)

    assert answer.status_code == 200
    assert len(answer.context["adminform"].form.non_field_errors()) == 1
    assert [str(message) for message in answer.context["messages"]] == []
    assert not PriceChange.objects.exists()
    assert product.skus.filter(is_active=True).count() == 2


def test_control_what_was_told_of_a_form_that_is_saved_is_shown(client, seller, switched_off):
    product, (first, second) = switched_off

    change(client, product, {**first, "price_fen": "1.00"}, {**second, "is_active": "on"})

    told = client.get(page("product_changelist")).context["messages"]
    assert PriceChange.objects.get().status == "waiting"
    assert first["code"] in " ".join(str(message) for message in told)


def test_C_37_a_refused_form_keeps_all_that_was_typed_and_saves_nothing(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    typed = {
        "title_zh": "最好的杯子",
        "subtitle_zh": "写了很久",
        "new_pictures": [make_picture_file()],
    }

    answer = change(client, product, sku_row(product.skus.get(), price_fen="99.00"), **typed)

    again = text(answer)
    assert answer.status_code == 200
    assert "最好的杯子" in again
    assert 'value="写了很久"' in again
    assert 'value="99.00"' in again
    [told] = answer.context["adminform"].form.non_field_errors()
    assert "最好" in told
    assert set(answer.context["adminform"].form.errors) == {"__all__"}
    stored = Product.objects.get(pk=product.pk)
    assert (stored.title_zh, stored.subtitle_zh, stored.version) == (
        product.title_zh,
        product.subtitle_zh,
        product.version,
    )
    assert product.skus.get().price_fen == 10_000
    assert product.gallery.count() == 1


def test_what_was_not_touched_is_not_named_as_changed(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    make_attribute(product.category, code="thick", kind="number", is_required=False)
    set_attributes(product=product, values={"thick": ("2.50", "")}, at=AT)
    product.refresh_from_db()

    answer = change(
        client, product, sku_row(product.skus.get()), subtitle_zh="薄", attribute_thick="2.5"
    )

    assert answer.status_code == 302
    [message] = json.loads(LogEntry.objects.latest("pk").change_message)
    named = {str(name).lower() for name in message["changed"]["fields"]}
    assert "subtitle (chinese)" in named
    assert not {"thick", "new pictures", "main video", "detail blocks"} & named


def test_new_pictures_are_stored_and_join_the_gallery(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    upload = make_picture_file()
    upload.name = "../../evil.php.png"

    answer = change(client, product, sku_row(product.skus.get()), new_pictures=[upload])

    assert answer.status_code == 302
    pictures = [row.media for row in product.gallery.all()]
    assert len(pictures) == 2
    assert "evil" not in pictures[1].file.name


def test_a_bad_picture_is_an_error_of_its_field(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    upload = make_picture_file(image_format="GIF")
    upload.name = "picture.png"

    answer = change(client, product, sku_row(product.skus.get()), new_pictures=[upload])

    assert "new_pictures" in answer.context["adminform"].form.errors
    assert product.gallery.count() == 1


def test_goods_are_put_on_sale_and_taken_off_from_the_list(client, seller):
    ready, lacking = make_product(on_sale=False), make_product(price_fen=0, on_sale=False)
    chosen = {"_selected_action": [ready.pk, lacking.pk]}

    told = client.post(page("product_changelist"), {"action": "publish", **chosen}, follow=True)

    statuses = Product.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["on_sale", "draft"]
    assert [str(message.level_tag) for message in told.context["messages"]] == ["error", "success"]
    client.post(page("product_changelist"), {"action": "take_off", **chosen})
    ready.refresh_from_db()
    assert ready.status == "off_sale"


def test_one_product_is_put_on_sale_after_a_question(client, seller):
    product = make_product(on_sale=False)
    address = page("product_publish_one", product.pk)

    client.get(address)
    product.refresh_from_db()
    assert product.status == "draft"
    client.post(address)

    product.refresh_from_db()
    assert product.status == "on_sale"


def test_C_03_two_colours_and_three_sizes_typed_are_six_skus(client, seller):
    product = make_product(on_sale=False)
    product.skus.update(is_active=False)
    address = page("product_build_matrix", product.pk)
    axes = "颜色|Colour: 红|Red, 蓝|Blue\n尺码：S，M，L"

    answer = client.post(address, {"axes": axes, "price_fen": "99", "weight_grams": 300})

    assert answer.status_code == 302
    keys = product.skus.filter(is_active=True).values_list("options_key", flat=True)
    assert len(keys) == 6
    assert "chi-ma=m;colour=red" in keys
    client.post(address, {"axes": "颜色: 绿|Green\n尺码: M", "price_fen": "99", "weight_grams": 1})
    assert product.skus.filter(options_key="chi-ma=m;colour=green").exists()


@pytest.mark.parametrize(
    "axes", ["颜色", "颜色:", ": 红", "颜色: 红, 红", "a: 1\nb: 1\nc: 1\nd: 1"]
)
def test_axes_that_cannot_be_read_make_nothing(client, seller, axes):
    product = make_product(on_sale=False)

    answer = client.post(
        page("product_build_matrix", product.pk),
        {"axes": axes, "price_fen": "99", "weight_grams": 300},
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert product.skus.count() == 1
