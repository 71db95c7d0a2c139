"""INV-03d: what is in transit is what open papers still bring; a paper that lies is named."""

import pytest

from catalog.testing import make_operator, make_sku
from inventory.models import PurchaseOrderLine, StockItem, TransferLine
from inventory.services import (
    Delivered,
    approve_purchase,
    close_purchase,
    draft_purchase,
    draft_transfer,
    finish_transfer,
    receive_purchase,
    receive_transfer,
    send_purchase,
    send_transfer,
)
from inventory.testing import (
    LONG_AGO,
    broken_books,
    make_goods,
    make_stock,
    make_supplier,
    make_warehouse,
)

pytestmark = pytest.mark.django_db
AT = LONG_AGO


@pytest.fixture
def papers():
    """5 pieces on their way by a transfer, 298 of 300 by a purchase order, to one warehouse."""
    sku, house = make_sku(), make_warehouse()
    supplier = make_supplier()
    make_goods(supplier, sku)
    origin = make_stock(sku=sku, on_hand=20, cost_fen=4_000)
    transfer = draft_transfer(
        origin_id=origin.warehouse_id, target_id=house.pk, pieces={sku.pk: 5}, at=AT
    )
    send_transfer(transfer_id=transfer.pk, at=AT)
    maker = make_operator()
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=house.pk, pieces={sku.pk: 300}, at=AT, actor=maker
    )
    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    send_purchase(order_id=order.pk, at=AT, actor=maker)
    line = order.lines.get()
    receive_purchase(
        order_id=order.pk, note_number="N1", delivered={line.pk: Delivered(2)}, at=AT, actor=maker
    )
    return sku, house, transfer, order, maker


def in_transit(house):
    return StockItem.objects.get(warehouse=house).in_transit


def test_open_papers_of_both_kinds_add_up(papers):
    _sku, house, *_papers = papers

    assert (in_transit(house), broken_books()) == (303, [])


def test_papers_that_end_bring_nothing_more(papers):
    sku, house, transfer, order, maker = papers

    receive_transfer(transfer_id=transfer.pk, pieces={sku.pk: 3}, reference="R1", at=AT)
    finish_transfer(transfer_id=transfer.pk, at=AT)
    close_purchase(order_id=order.pk, at=AT, actor=maker, reason="late")

    assert (in_transit(house), broken_books()) == (0, [])


@pytest.mark.parametrize("lines", [TransferLine, PurchaseOrderLine])
def test_a_paper_edited_by_hand_is_named(papers, lines):
    lines.objects.update(received=3)

    assert broken_books() == ["INV-03d"]
