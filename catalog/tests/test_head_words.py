"""What operators write for search engines, of goods, categories and brands (C-51)."""

import pytest

from catalog.errors import TextsRefused
from catalog.models import HEAD_WORDS, Brand, Category, Product
from catalog.services import save_brand, save_category, save_product
from catalog.testing import AT, make_brand, make_category, make_product
from catalog.tests.screens import formset, page, product_form, seller

__all__ = ["seller"]
pytestmark = pytest.mark.django_db
WRITTEN = {
    "meta_keywords_zh": "绿茶,龙井",
    "meta_keywords_en": "green tea, longjing",
    "meta_description_zh": "明前龙井，产地直发。",
    "meta_description_en": "Longjing picked before Qingming.",
}
FORBIDDEN = {**WRITTEN, "meta_description_zh": "国家级绿茶"}


def written_of(row):
    row.refresh_from_db()
    return {name: getattr(row, name) for name in HEAD_WORDS}


def test_C_51_operators_write_them_for_a_category_a_brand_and_a_product(client, seller):
    leaf = make_category()
    words = {"slug": "tea", "title_zh": "茶", "title_en": "Tea", "is_active": "on", **WRITTEN}
    below = formset("attribute_definitions")

    client.post(page("category_add"), {**words, **below, "parent": leaf.parent_id, "sort": 0})
    client.post(page("brand_add"), words)
    client.post(page("product_add"), product_form(leaf, **WRITTEN))

    for row in (Category.objects.get(slug="tea"), Brand.objects.get(), Product.objects.get()):
        assert written_of(row) == WRITTEN


@pytest.mark.parametrize("name", HEAD_WORDS)
def test_C_51_none_is_longer_than_a_result_page_can_use(client, seller, name):
    most = Brand._meta.get_field(name).max_length
    words = {"slug": "tea", "title_zh": "茶", "title_en": "Tea", name: "a" * (most + 1)}

    answer = client.post(page("brand_add"), words)

    assert name in answer.context["adminform"].form.errors
    assert not Brand.objects.exists()


def test_C_51_forbidden_words_are_refused_as_in_other_texts():
    category, brand, product = make_category(), make_brand(), make_product()
    for row in (category, brand):
        for name, text in FORBIDDEN.items():
            setattr(row, name, text)

    for save in (
        lambda: save_category(category),
        lambda: save_brand(brand),
        lambda: save_product(product=product, values=FORBIDDEN, at=AT),
    ):
        with pytest.raises(TextsRefused) as refused:
            save()
        assert "国家级" in refused.value.facts["findings"]

    for row in (category, brand, product):
        assert set(written_of(row).values()) == {""}
