"""A paper's page offers what its state allows, and nothing that could only be refused."""

from datetime import UTC, date, datetime

import pytest

from catalog.testing import make_operator, make_sku
from inventory.models import Supplier
from inventory.services import (
    approve_purchase,
    draft_purchase,
    draft_transfer,
    draw_statement,
    post_supplier_charge,
    send_purchase,
    send_transfer,
)
from inventory.testing import make_goods, make_stock, make_supplier, make_warehouse
from inventory.tests.test_admin import operator, page, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
IN_OCTOBER = datetime(2026, 10, 30, 16, 30, tzinfo=UTC)


@pytest.fixture
def boss(client):
    client.cookies["django_language"] = "en"
    return operator(client)


def offered(client, model, pk, deeds):
    html = text(client.get(page(f"{model}_change", pk)))
    return [deed for deed in deeds if page(f"{model}_{deed}", pk) in html]


def test_I_36_an_order_offers_the_deeds_of_its_state(client, boss):
    deeds = ("change_goods", "approve", "send", "receive", "close", "cancel", "sheet")
    sku, supplier = make_sku(), make_supplier(moq=1)
    make_goods(supplier, sku)
    order = draft_purchase(
        supplier_id=supplier.pk, warehouse_id=make_warehouse().pk, pieces={sku.pk: 10}, at=AT
    )
    assert offered(client, "purchaseorder", order.pk, deeds) == [
        "change_goods", "approve", "cancel", "sheet",
    ]  # fmt: skip

    approve_purchase(order_id=order.pk, at=AT, actor=make_operator())
    assert offered(client, "purchaseorder", order.pk, deeds) == ["send", "cancel", "sheet"]

    send_purchase(order_id=order.pk, at=AT)
    assert offered(client, "purchaseorder", order.pk, deeds) == ["receive", "cancel", "sheet"]


def test_I_11_a_transfer_on_its_way_is_received_not_sent_again(client, boss):
    deeds = ("send", "receive", "finish", "cancel")
    item, target = make_stock(sku=make_sku(), on_hand=9), make_warehouse()
    paper = draft_transfer(
        origin_id=item.warehouse_id, target_id=target.pk, pieces={item.sku_id: 5}, at=AT
    )
    assert offered(client, "transfer", paper.pk, deeds) == ["send", "cancel"]

    send_transfer(transfer_id=paper.pk, at=AT)
    assert offered(client, "transfer", paper.pk, deeds) == ["receive", "finish", "cancel"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Supplier.Status.PENDING, ["admit", "end"]),
        (Supplier.Status.ACTIVE, ["suspend", "end"]),
        (Supplier.Status.SUSPENDED, ["admit", "end"]),
        (Supplier.Status.ENDED, []),
    ],
)
def test_I_25_a_supplier_offers_its_next_steps_beside_its_papers(client, boss, status, expected):
    supplier = make_supplier(status=status)

    assert offered(client, "supplier", supplier.pk, ("admit", "suspend", "end")) == expected
    html = text(client.get(page("supplier_change", supplier.pk)))
    assert page("supplieragreement_change", supplier.agreements.get().pk) in html


def test_I_42_a_statement_is_confirmed_before_it_is_paid_and_tells_shop_time(client, boss):
    supplier = make_supplier()
    post_supplier_charge(
        supplier_id=supplier.pk, kind="goods", reference="PO1", amount_fen=100, at=IN_OCTOBER
    )
    statement = draw_statement(supplier_id=supplier.pk, month=date(2026, 10, 1), at=AT)

    assert offered(client, "supplierstatement", statement.pk, ("confirm", "pay")) == ["confirm"]
    html = text(client.get(page("supplierstatement_change", statement.pk)))
    assert "2026-10-31 00:30" in html
    assert "+00:00" not in html
    assert "2026-10<" in text(client.get(page("supplierstatement_changelist")))


def test_an_address_of_no_paper_is_answered(client, boss):
    for pk in (0, "nonsense"):
        assert client.get(page("purchaseorder_change", pk)).status_code in (302, 404)
