"""What exchanges send out stands beside the orders that are packed. Source: O-45, O-28."""

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem, Warehouse
from inventory.testing import make_stock, make_supplier, make_warehouse
from mall.console.testing import client_of, make_clerk
from members.testing import make_operator
from orders.services import approve_after_sale, inspect_return, resend_after_sale
from orders.tests.cases import LATER, ask, line_of, sent_order

pytestmark = pytest.mark.django_db


def exchange(order):
    """Granted; the goods have come back."""
    case = ask(order, kind="exchange", reason="size")
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    return case


def inspected(case, house):
    inspect_return(
        number=case.number,
        grades={case.lines.get().pk: {"A": 1}},
        warehouse_id=house.pk,
        actor=make_operator(),
        at=LATER,
    )


def page_of(client, house):
    answer = client.get(reverse("admin:packing"), {"warehouse": house.code})
    return answer.content.decode()


def test_O_45_a_replacement_to_be_sent_is_listed_where_it_lies_until_it_is_sent():
    order = sent_order(received=True)
    house = StockItem.objects.get(sku=line_of(order).sku).warehouse
    case, packer = exchange(order), client_of(make_clerk("warehouse"))
    assert "Replacements to send" not in page_of(packer, house)

    inspected(case, house)

    page = page_of(packer, house)
    assert f'data-case="{case.number}"' in page
    assert reverse("admin:orders_aftersale_change", args=[case.pk]) in page
    assert f"{line_of(order).sku_code} × 1" in page
    assert case.number not in page_of(packer, make_warehouse())
    resend_after_sale(
        number=case.number, carrier="sf", tracking_no="SF9", actor=make_operator(), at=LATER
    )
    assert case.number not in page_of(packer, house)


@pytest.mark.parametrize("kind", Warehouse.PACKED_BY_OTHERS)
def test_O_28_what_goes_out_instead_is_held_only_where_we_pack_ourselves(kind):
    sku = make_sku()
    ours = make_stock(sku=sku, on_hand=2)
    order = sent_order(received=True, sku=sku)
    theirs = make_warehouse(
        kind=kind,
        served_prefixes=("33",),
        priority=1,
        supplier=make_supplier() if kind == Warehouse.Kind.SUPPLIER else None,
    )
    make_stock(sku=sku, on_hand=5, warehouse=theirs)

    case = exchange(order)

    assert Reservation.objects.of_source("order", case.number).get().item == ours
    with pytest.raises(OutOfStock):
        exchange(sent_order(received=True, sku=sku))
