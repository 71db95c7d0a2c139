"""The back office shows words where rows keep codes: providers, reasons, facts, refused rows."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from inventory.models import SupplierSync
from inventory.testing import make_supplier
from members.testing import make_operator
from orders import words
from orders.admin.task_facts import facts_in_words
from orders.admin.task_steps import IN_THE_STORE, step_of, ways_of
from orders.models import Carrier, DailyBill, OrderTask, Payment
from orders.testing import NOON, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_operator(username="boss"), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield client


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

    assert "promised by: 2026-11-22 03:18" in page
    assert "reason: not accepted in time" in page
    assert "amount: ¥12.50" in page
    assert "detail" not in facts_in_words(facts)
    assert f"Supplier did not answer {order.number}" in page


def test_a_daily_bill_is_titled_with_its_providers_name(desk):
    bill = DailyBill.objects.create(provider="wechatpay", day=NOON.date(), compared_at=NOON)

    page = shown(desk, "orders_dailybill_change", bill.pk)

    assert str(bill) == f"{words.provider_title('wechatpay')} {NOON.date()}"
    assert f"WeChat Pay {NOON.date()}" in page
    assert "wechatpay" not in page


def make_task(kind, reference, order=None, facts=()):
    return OrderTask.objects.create(
        kind=kind,
        reference=reference,
        order=order,
        facts=dict(facts),
        opened_at=NOON,
        due_at=NOON,
    )


@pytest.mark.parametrize(
    ("kind", "facts", "said", "screen"),
    [
        ("address_error", {"reasons": ["address_short", "big_amount"]},
         "reasons: The address is very short<", "orders/ordercheck/?q=7"),
        ("tracking_stalled", {"carrier": "sf"}, "carrier: SF Express", "orders/shipment/?q=7"),
        ("payment_mismatch", {"finding": 3, "kind": "extra"},
         "kind: in the bill, not in our book<", "orders/billfinding/?q=7"),
        ("refund_stuck", {"failure_code": "amount_wrong", "amount_fen": 100},
         "failure: the provider tells another amount · amount: ¥1.00", "orders/refund/?q=7"),
        ("refund_stuck", {"failure_code": "NOTENOUGH"},
         "failure: not enough money (NOTENOUGH)", "orders/refund/?q=7"),
        ("pickup", {"day": "2026-11-23", "window": "09-12", "why": "nobody_answered"},
         "time of day: 9:00 to 12:00 · reason: the carrier did not answer",
         "orders/aftersale/?q=7"),
        ("dropship_failed", {"reason": "refused", "detail": "inventory.out_of_stock"},
         "reason: refused by the partner · detail: the stock is gone meanwhile",
         "orders/suborder/?q=7"),
    ],
)  # fmt: skip
def test_O_26_a_task_says_in_words_what_is_wrong_what_to_do_and_where(
    desk, kind, facts, said, screen
):
    if "carrier" in facts:
        facts = {"carrier": Carrier.objects.get(code="sf").pk}
    order = make_order()
    task = make_task(kind, "7/promise", order, facts)

    page = shown(desk, "orders_ordertask_change", task.pk)

    for part in said.split(" · "):
        assert part in page
    with translation.override("en"):
        assert escape(str(step_of(task).says)) in page
    assert f'href="{reverse("admin:orders_order_change", args=[order.pk])}"' in page
    assert f'href="/admin/{screen}"' in page
    assert "7 · promised time is over" in shown(desk, "orders_ordertask_changelist")


def test_O_26_a_pick_up_in_a_store_is_settled_with_the_buyer(desk):
    order = make_order()
    task = make_task("pickup", order.number, order, {"store": "bund"})

    assert step_of(task) == IN_THE_STORE
    assert str(IN_THE_STORE.says) in shown(desk, "orders_ordertask_change", task.pk)


def test_every_kind_of_task_has_a_next_step():
    for kind in OrderTask.Kind:
        assert step_of(OrderTask(kind=kind)).says


def test_a_way_is_shown_to_those_who_may_go_it(rf):
    request = rf.get("/")
    request.user = make_operator(username="new", is_superuser=False)
    task = make_task("refund_stuck", "R1", make_order())

    assert ways_of(task, request) == ""


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
