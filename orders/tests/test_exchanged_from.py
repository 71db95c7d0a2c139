"""Where the piece comes from that an exchange sends out. Source: O-45, O-28."""

import pytest

from catalog.testing import make_sku
from inventory.errors import OutOfStock
from inventory.models import Reservation, Warehouse
from inventory.testing import make_stock, make_supplier, make_warehouse
from members.testing import make_operator
from orders.services import approve_after_sale
from orders.tests.cases import LATER, ask, sent_order

pytestmark = pytest.mark.django_db


def exchange(order):
    """Granted."""
    case = ask(order, kind="exchange", reason="size")
    approve_after_sale(number=case.number, actor=make_operator(), at=LATER)
    return case


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
