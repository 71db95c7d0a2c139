"""What exchanges send out stands beside the orders that are packed. Source: O-45, O-28."""

from datetime import timedelta

import pytest
from django.urls import reverse

from inventory.models import StockItem
from inventory.testing import make_warehouse
from mall.console.testing import client_of, make_clerk
from members.testing import make_operator
from orders.services import (
    Request,
    Wish,
    approve_after_sale,
    inspect_return,
    request_after_sale,
    resend_after_sale,
)
from orders.testing import NOON, make_received_order

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def exchange(order):
    """Granted; the goods have come back."""
    wish = Wish("exchange", "size", {order.lines.get().pk: 1})
    case = request_after_sale(
        number=order.number, member_id=order.member_id, request=Request(wish=wish), at=LATER
    )
    return approve_after_sale(number=case.number, actor=make_operator(), at=LATER)


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
    order = make_received_order()
    house = StockItem.objects.get(sku=order.lines.get().sku).warehouse
    case, packer = exchange(order), client_of(make_clerk("warehouse"))
    assert "Replacements to send" not in page_of(packer, house)

    inspected(case, house)

    page = page_of(packer, house)
    assert f'data-case="{case.number}"' in page
    assert reverse("admin:orders_aftersale_change", args=[case.pk]) in page
    assert f"{order.lines.get().sku_code} × 1" in page
    assert case.number not in page_of(packer, make_warehouse())
    resend_after_sale(
        number=case.number, carrier="sf", tracking_no="SF9", actor=make_operator(), at=LATER
    )
    assert case.number not in page_of(packer, house)
