"""Ordered goods come to a warehouse of ours that is in use, whoever asks for them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from catalog.testing import make_operator, make_sku
from inventory.admin.supply_forms import HouseForm, PurchaseForm
from inventory.models import PurchaseOrder, PurchaseSuggestion, StockItem, Warehouse
from inventory.services import draft_purchase, order_suggested, raise_alerts
from inventory.testing import make_goods, make_stock, make_supplier, make_warehouse
from mall.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def house():
    return make_warehouse(priority=1)


def closed():
    return make_warehouse(is_active=False)


def of_a_partner():
    return make_supplier(house=True).warehouses.get()


def test_what_ran_low_in_a_warehouse_that_was_closed_comes_to_the_first_of_ours(house):
    sku, far = make_sku(), make_warehouse(priority=99)
    make_goods(make_supplier(), sku)
    make_stock(sku=sku, warehouse=far, on_hand=4, safety_stock=5)
    raise_alerts(AT)
    Warehouse.objects.filter(pk=far.pk).update(is_active=False)

    (order,) = order_suggested(
        suggestion_ids=[PurchaseSuggestion.objects.get().pk], at=AT, actor=make_operator()
    )

    assert order.warehouse == house


def test_what_ran_low_in_what_has_become_a_partners_warehouse_comes_to_the_first_of_ours(house):
    sku = make_sku()
    make_goods(make_supplier(), sku)
    item = make_stock(sku=sku, warehouse=make_warehouse(), on_hand=4, safety_stock=5)
    raise_alerts(AT)
    StockItem.objects.filter(pk=item.pk).update(warehouse=of_a_partner())

    (order,) = order_suggested(
        suggestion_ids=[PurchaseSuggestion.objects.get().pk], at=AT, actor=make_operator()
    )

    assert order.warehouse == house


@pytest.mark.parametrize("place", [closed, of_a_partner])
def test_a_purchase_for_a_warehouse_closed_or_of_a_partner_is_refused_in_words(place):
    sku, supplier = make_sku(), make_supplier()
    make_goods(supplier, sku)

    with pytest.raises(InvalidInput) as refused, translation.override("en"):
        draft_purchase(
            supplier_id=supplier.pk, warehouse_id=place().pk, pieces={sku.pk: 300}, at=AT
        )

    assert refused.value.facts == {
        "field": "warehouse",
        "allowed": "a warehouse of our own that is in use",
    }
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("form", [HouseForm, PurchaseForm])
def test_operators_are_offered_warehouses_of_ours_that_are_in_use_and_no_other(house, form):
    others = {closed().pk, of_a_partner().pk}

    offered = set(form().fields["warehouse"].queryset.values_list("pk", flat=True))

    assert house.pk in offered
    assert not offered & others
    assert all("warehouse" in form({"warehouse": pk}).errors for pk in others)
