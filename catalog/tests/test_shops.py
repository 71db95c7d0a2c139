"""Shops: goods stand in our own unless told otherwise; operators add them, nobody deletes one."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from catalog.models import OWN_SHOP_ID, Shop
from catalog.selectors import product_page, skus_for_pricing
from catalog.testing import AT, make_operator, make_product, make_shop, shelve
from mall.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    operator = make_operator()
    names = ("view_shop", "add_shop", "change_shop", "delete_shop")
    operator.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(operator)
    client.cookies["django_language"] = "en"
    return client


def test_goods_that_name_no_shop_are_our_own():
    assert make_product().shop_id == OWN_SHOP_ID
    assert Shop.objects.get(is_own=True).pk == OWN_SHOP_ID


def test_there_is_one_shop_of_our_own():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_shop(is_own=True)

    assert Shop.objects.filter(is_own=True).count() == 1


def test_the_next_shop_takes_the_next_number():
    assert make_shop().pk > OWN_SHOP_ID


def test_price_and_page_read_the_same_shop():
    shop = make_shop(title_en="Teahouse", sort=3)
    product = make_product(shop=shop)
    shelve(product)
    sku = product.skus.get()

    priced = skus_for_pricing([sku.pk], AT)[sku.pk]

    assert (priced.shop.id, priced.shop.title_en, priced.shop.sort) == (shop.pk, "Teahouse", 3)
    assert product_page(product.pk, at=AT).facts()[sku.pk].shop == priced.shop


def test_an_operator_adds_a_shop_with_a_trail_and_cannot_delete_it(keeper):
    form = {"code": "teahouse", "title_zh": "茶馆", "title_en": "Teahouse", "sort": "5"}

    answer = keeper.post(reverse("admin:catalog_shop_add"), form)

    shop = Shop.objects.get(code="teahouse")
    assert (answer.status_code, shop.is_own) == (302, False)
    assert AuditEntry.objects.get(verb="catalog.save_shop").after["title_zh"] == "茶馆"
    refused = keeper.post(reverse("admin:catalog_shop_delete", args=[shop.pk]), {"post": "yes"})
    assert (refused.status_code, Shop.objects.filter(pk=shop.pk).exists()) == (403, True)
