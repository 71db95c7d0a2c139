"""The operators' screens of goods: what every list costs, and who sees what."""

import pytest

from catalog.models import SearchSynonym, Sku
from catalog.testing import make_brand, make_category, make_media, make_product
from catalog.tests.screens import operator, page, seller, text
from mall.kernel.testing.queries import count_queries

__all__ = ["seller"]
pytestmark = pytest.mark.django_db
LISTS = (
    "product",
    "sku",
    "category",
    "brand",
    "media",
    "freighttemplate",
    "pricehistory",
    "searchsynonym",
)


def test_every_list_keeps_its_budget_at_a_hundred_rows(client, seller):
    category, brand = make_category(), make_brand()
    for _ in range(99):
        make_product(category=category, brand=brand)
        make_category(parent=category.parent)
        make_brand()
        SearchSynonym.objects.create(words="土豆 马铃薯")

    for model in LISTS:
        with count_queries(at_most=12):
            assert client.get(page(f"{model}_changelist")).status_code == 200


def test_a_marketing_operator_without_rights_sees_nothing(client):
    operator(client, "view_brand")
    make_media()

    assert client.get(page("product_changelist")).status_code == 403
    assert client.get(page("media_changelist")).status_code == 403


def test_costs_are_hidden_from_those_who_may_not_see_them(client):
    product = make_product()
    Sku.objects.update(cost_fen=4_321)
    operator(client, "view_sku", "change_sku", "view_product", "change_product")

    lists = text(client.get(page("sku_changelist"))) + text(
        client.get(page("product_change", product.pk))
    )

    assert "43.21" not in lists
    assert "cost_fen" not in lists
    assert client.get(page("sku_changelist"), {"cost_fen__gte": 1}).status_code in (302, 400)
