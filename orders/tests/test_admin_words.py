"""The back office shows words where rows keep codes: providers, reasons, facts, refused rows."""

import pytest
from django.urls import reverse

from inventory.models import SupplierSync
from inventory.testing import make_supplier
from members.testing import make_operator
from orders.admin.task_facts import facts_in_words
from orders.models import OrderTask, Payment
from orders.testing import NOON, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_operator(username="boss"), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return client


def shown(desk, name, *args):
    answer = desk.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_payment_names_its_provider_in_the_list_and_on_its_page(desk):
    make_order(paid=True)
    payment = Payment.objects.get()

    for page in (
        shown(desk, "orders_payment_changelist"),
        shown(desk, "orders_payment_change", payment.pk),
    ):
        assert "Sandbox cashier" in page


def test_a_task_says_its_facts_in_words(desk):
    facts = {
        "promised_at": "2026-11-21T19:18:29+00:00",
        "reason": "not_accepted",
        "amount_fen": 1_250,
        "detail": "",
    }
    order = make_order()
    task = OrderTask.objects.create(
        kind="dropship_failed",
        reference="D1",
        order=order,
        facts=facts,
        opened_at=NOON,
        due_at=NOON,
    )

    page = shown(desk, "orders_ordertask_change", task.pk)

    assert "promised by: Nov. 22, 2026, 3:18 a.m." in page
    assert "reason: not accepted in time" in page
    assert "amount: ¥12.50" in page
    assert "detail" not in facts_in_words(facts)
    assert f"Supplier did not answer {order.number}" in page


def test_a_message_of_stock_says_why_its_rows_were_refused(desk):
    row = {"row": 5, "code": "NB-OLD-7", "reason": "unknown"}
    sync = SupplierSync.objects.create(
        supplier=make_supplier(), reference="m1", refused=[row], taken_at=NOON, at=NOON
    )

    page = shown(desk, "inventory_suppliersync_change", sync.pk)

    assert "5: NB-OLD-7 · goods this supplier does not have" in page


def test_looking_at_a_row_offers_to_close_the_page_not_the_order(desk):
    make_order(paid=True)
    desk.cookies["django_language"] = "zh-hans"

    page = shown(desk, "orders_payment_change", Payment.objects.get().pk)

    assert "关闭订单" not in page
