"""The operators' words for search engines in the heads of their pages (C-51)."""

import re

import pytest
from django.test import Client

from catalog.services import save_brand, save_category
from catalog.testing import make_brand
from mall.storefront.tests.shop import make_goods

pytestmark = pytest.mark.django_db
WRITTEN = {
    "meta_keywords_zh": "绿茶,龙井",
    "meta_description_zh": "明前龙井，产地直发。",
    "meta_description_en": "Longjing picked before Qingming.",
}


def metas(path):
    page = Client().get(path)
    assert page.status_code == 200, path
    found = re.findall(
        r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page.content.decode()
    )
    return dict(found)


def with_words(row):
    for name, text in WRITTEN.items():
        setattr(row, name, text)
    return row


def pages():
    brand = save_brand(with_words(make_brand()))
    product = make_goods("茶", brand=brand)
    with_words(product).save()
    save_category(with_words(product.category))
    return (
        f"/product/{product.pk}/",
        f"/category/{product.category.slug}/",
        f"/brand/{brand.slug}/",
    )


def test_C_51_pages_of_goods_categories_and_brands_say_what_was_written():
    for path in pages():
        said = metas(path)
        assert said["keywords"] == "绿茶,龙井"
        assert said["description"] == said["og:description"] == "明前龙井，产地直发。"


def test_C_51_english_pages_never_fall_back_on_chinese_words_for_engines():
    for path in pages():
        said = metas(f"/en{path}")
        assert "keywords" not in said
        assert said["description"] == "Longjing picked before Qingming."


def test_C_51_what_is_left_empty_the_page_says_in_its_usual_words():
    product = make_goods("茶", price_fen=5_900)

    said = metas(f"/product/{product.pk}/")

    assert "keywords" not in said
    assert "59.00" in said["description"]
