"""A page of the desk offers what the state of its row allows, and nothing that could only be
refused. Source: O-15, O-23, O-26, O-45, O-50."""

import pytest
from django.urls import reverse

from members.testing import make_operator
from orders.models import AfterSale, Compensation, Order, OrderCheck, OrderTask
from orders.testing import NOON, make_order
from orders.tests.cases import ask, sent_order

pytestmark = pytest.mark.django_db
State, Status = AfterSale.State, Order.Status
CASE_DEEDS = {"approve", "refuse", "inspect", "refund", "confirm", "resend"}
ORDER_DEEDS = {"remind", "reprice", "readdress", "ship", "close", "compensate"}


@pytest.fixture
def desk(client):
    """A browser of somebody who may do everything, in English."""
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    client.cookies["django_language"] = "en"
    return client


def offered(desk, row, deeds):
    """Which of the deeds have a button on the row's page."""
    name = row._meta.model_name
    page = desk.get(reverse(f"admin:orders_{name}_change", args=[row.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    shown = {deed: reverse(f"admin:orders_{name}_{deed}", args=[row.pk]) for deed in deeds}
    return {deed for deed, address in shown.items() if f'"{address}"' in text}


def put(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("steps", "deeds"),
    [
        ((), {"remind", "reprice", "readdress", "close"}),
        ((Status.PAID,), {"readdress", "ship", "close", "compensate"}),
        ((Status.PAID, Status.PART_SHIPPED), {"ship", "compensate"}),
        ((Status.PAID, Status.SHIPPED, Status.RECEIVED, Status.COMPLETED), {"compensate"}),
    ],
)
def test_O_15_an_order_offers_the_deeds_of_its_state(desk, steps, deeds):
    order = make_order()
    for status in steps:
        put(order, status=status)

    assert offered(desk, order, ORDER_DEEDS) == deeds


def test_O_34_what_is_fetched_in_a_store_is_never_shipped(desk):
    order = make_order()
    put(order, status=Status.PAID, delivery=Order.Delivery.PICKUP)

    assert offered(desk, order, ORDER_DEEDS) == {"close", "compensate"}


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        (State.REQUESTED, {"approve", "refuse"}),
        (State.APPROVED, {"confirm", "refuse"}),
        (State.RETURNING, {"inspect"}),
        (State.INSPECTED, {"refund", "confirm", "refuse"}),
        (State.REFUNDING, set()),
        (State.DONE, set()),
    ],
)
def test_O_45_a_case_offers_the_next_step_only(desk, state, deeds):
    case = ask(make_order(paid=True))
    put(case, state=state)

    assert offered(desk, case, CASE_DEEDS) == deeds


def test_O_45_an_inspected_exchange_sends_goods_and_no_money(desk):
    case = ask(sent_order(received=True), kind="exchange", reason="size")
    put(case, state=State.INSPECTED)

    assert offered(desk, case, CASE_DEEDS) == {"resend", "refuse"}


def test_O_50_a_compensation_is_decided_once(desk):
    order = make_order(paid=True)
    row = Compensation.objects.create(
        number="C1", order=order, amount_fen=100, reason="late", state=Compensation.State.PENDING,
        requested_by=make_operator(username="other"), requested_at=NOON,
    )  # fmt: skip
    before = offered(desk, row, {"grant", "deny"})
    put(row, state=Compensation.State.PAID)

    assert (before, offered(desk, row, {"grant", "deny"})) == ({"grant", "deny"}, set())


def test_O_16_a_check_and_O_26_a_task_are_over_once_decided(desk):
    order = make_order(paid=True)
    check = OrderCheck.objects.create(order=order, opened_at=NOON)
    task = OrderTask.objects.create(
        kind=OrderTask.Kind.PICKUP, reference="r", order=order, opened_at=NOON, due_at=NOON
    )
    before = offered(desk, check, {"let_pass", "reject"}), offered(desk, task, {"assign", "finish"})
    put(check, verdict=OrderCheck.Verdict.PASSED, decided_at=NOON)
    put(task, closed_at=NOON)
    after = offered(desk, check, {"let_pass", "reject"}), offered(desk, task, {"assign", "finish"})

    assert before == ({"let_pass", "reject"}, {"assign", "finish"})
    assert after == (set(), set())
