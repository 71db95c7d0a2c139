"""A page of the desk offers what the state of its row allows, and nothing that could only be
refused. Source: O-15, O-23, O-26, O-45, O-50."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mall.kernel import clock
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
    order = make_order(at=clock.now(), paid=bool(steps))
    for status in steps:
        put(order, status=status)

    assert offered(desk, order, ORDER_DEEDS) == deeds


@pytest.mark.parametrize("stage", [Order.Stage.GROUPING, Order.Stage.IN_REVIEW])
def test_O_16_what_waits_for_its_group_or_its_check_is_not_shipped(desk, stage):
    order = make_order(paid=True)
    put(order, stage=stage)

    assert offered(desk, order, ORDER_DEEDS) == {"readdress", "close", "compensate"}


def test_O_26_an_unpaid_pick_up_has_no_address_and_a_presale_keeps_its_price(desk):
    fetched, presale = make_order(at=clock.now()), make_order(at=clock.now())
    put(fetched, delivery=Order.Delivery.PICKUP)
    put(presale, deposit_fen=1, balance_from=NOON, balance_until=NOON + timedelta(days=1))

    assert offered(desk, fetched, ORDER_DEEDS) == {"remind", "reprice", "close"}
    assert offered(desk, presale, ORDER_DEEDS) == {"remind", "readdress", "close"}


def test_O_23_nobody_is_reminded_of_what_cannot_be_paid_now(desk):
    closing, early = make_order(at=clock.now()), make_order(at=clock.now())
    in_a_day = clock.now() + timedelta(days=1)
    put(closing, stage=Order.Stage.CLOSING)
    put(
        early, deposit_fen=1, paid_fen=1, stage=Order.Stage.DEPOSIT_PAID,
        balance_from=in_a_day, balance_until=in_a_day + timedelta(days=1), expires_at=None,
    )  # fmt: skip

    assert offered(desk, closing, ORDER_DEEDS) == {"close"}
    assert offered(desk, early, ORDER_DEEDS) == {"readdress", "close"}


def test_O_50_who_paid_no_money_is_not_compensated(desk):
    never, for_points, paid_back = make_order(), make_order(), make_order(paid=True)
    put(for_points, status=Status.PAID)
    for order in (never, paid_back):
        put(order, status=Status.CLOSED)

    assert offered(desk, never, ORDER_DEEDS) == set()
    assert offered(desk, for_points, ORDER_DEEDS) == {"readdress", "ship", "close"}
    assert offered(desk, paid_back, ORDER_DEEDS) == {"compensate"}


def test_O_34_what_is_fetched_in_a_store_is_never_shipped(desk):
    order = make_order(paid=True)
    put(order, delivery=Order.Delivery.PICKUP)

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
