"""Prices typed on the operators' screens: kept with their history, refused as a whole."""

import pytest

from catalog.models import PriceHistory, Sku
from catalog.testing import make_product
from catalog.tests.screens import change, formset, page, seller, sku_row
from mall.kernel.audit.models import AuditEntry

__all__ = ["seller"]
pytestmark = pytest.mark.django_db


def test_a_price_typed_with_the_product_goes_through_the_price_history(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()

    answer = change(client, product, sku_row(sku, price_fen="89.90"))

    assert answer.status_code == 302
    sku.refresh_from_db()
    assert (sku.price_fen, sku.list_price_fen) == (8_990, 12_000)
    history = sku.price_history.filter(is_offered=True).order_by("pk")
    assert list(history.values_list("price_fen", flat=True)) == [10_000, 8_990]
    assert AuditEntry.objects.get(verb="catalog.set_price").actor == seller


def test_a_price_above_its_list_price_is_said_and_changes_nothing(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()

    change(client, product, sku_row(sku, price_fen="130.00"), title_zh="另一个名字")

    sku.refresh_from_db()
    product.refresh_from_db()
    assert (sku.price_fen, product.title_zh == "另一个名字") == (10_000, False)


def test_the_price_list_is_typed_in_and_kept(client, seller):
    product = make_product(price_fen=10_000, list_price_fen=12_000)
    sku = product.skus.get()
    row = {"id": sku.pk, "price_fen": "88.00", "list_price_fen": "120.00"}

    client.post(page("sku_changelist"), {**formset("form", row, initial=1), "_save": "Save"})

    history = PriceHistory.objects.filter(sku=sku, is_offered=True)
    assert list(history.order_by("pk").values_list("price_fen", flat=True)) == [10_000, 8_800]
    sku.refresh_from_db()
    assert sku.price_fen == 8_800


@pytest.mark.parametrize("typed", ["200.00", "0"])
def test_a_price_that_the_shop_refuses_is_said_and_no_row_changes(client, seller, typed):
    make_product(skus=2, price_fen=10_000, list_price_fen=12_000)
    rows = [
        {"id": sku.pk, "price_fen": price, "list_price_fen": "120.00"}
        for sku, price in zip(Sku.objects.order_by("pk"), ("90.00", typed), strict=True)
    ]

    typed_in = {**formset("form", *rows, initial=2), "_save": "1"}
    told = client.post(page("sku_changelist"), typed_in, follow=True).context["messages"]

    assert [message.level_tag for message in told] == ["error"]
    assert set(Sku.objects.values_list("price_fen", flat=True)) == {10_000}


def test_price_history_cannot_be_edited(client, seller):
    make_product()
    row = PriceHistory.objects.get(is_offered=True)

    client.post(page("pricehistory_change", row.pk), {"price_fen": "1"})
    answer = client.post(page("pricehistory_delete", row.pk), {"post": "yes"})

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.price_fen == 10_000
