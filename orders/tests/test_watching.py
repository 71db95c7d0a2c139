"""What is late, stalled or different becomes a task for whoever's work it is."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import translation

from mall.kernel.audit.models import AuditEntry
from mall.kernel.notify import render
from mall.kernel.notify.models import Message
from members.testing import make_operator
from orders.carriers.choosing import Area, Choice, ranked
from orders.errors import NotTheirWork, TaskOver
from orders.models import (
    BillFinding,
    Carrier,
    CarrierPrice,
    DailyBill,
    FulfilmentPolicy,
    Order,
    OrderTask,
    Shipment,
)
from orders.selectors import carriers_for, lead_times, ratings, targets
from orders.services import (
    assign_task,
    complete_due,
    finish_task,
    mark_packed,
    note_damage,
    receive_due,
    record_trace,
    ship_order,
    watch_orders,
)
from orders.services.tasking import open_task
from orders.testing import NOON, make_order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Kind = OrderTask.Kind


def worker(*rights):
    account = make_operator(is_superuser=False)
    account.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    return account


def shipped(at=NOON, **values):
    order = make_order(paid=True, at=at)
    return ship_order(
        order_number=order.number,
        carrier="sf",
        tracking_no=f"SF{order.pk:010}",
        at=at,
        **values,
    )


@pytest.mark.django_db
def test_O_20_a_parcel_without_news_for_25_hours_is_a_task_of_the_warehouse():
    packer = worker("add_shipment")
    shipment = shipped()

    assert watch_orders(NOON + 23 * HOUR) == 0
    assert watch_orders(NOON + 25 * HOUR) == 1
    assert watch_orders(NOON + 26 * HOUR) == 0

    task = OrderTask.objects.get()
    assert (task.kind, task.reference, task.assignee) == (
        "tracking_stalled", shipment.number, packer,
    )  # fmt: skip
    record_trace(shipment_number=shipment.number, code="transit", at=NOON + 27 * HOUR)
    task.refresh_from_db()
    assert task.closed_at is not None
    assert watch_orders(NOON + 28 * HOUR) == 0


@pytest.mark.django_db
def test_O_19_a_parcel_that_is_late_by_its_promise_is_a_task_until_it_is_signed_for():
    CarrierPrice.objects.create(
        carrier=Carrier.objects.get(code="sf"), first_fen=1_200, promise_hours=48
    )
    shipment = shipped()
    assert (shipment.promised_at, shipment.cost_fen) == (NOON + 48 * HOUR, 1_200)
    record_trace(shipment_number=shipment.number, code="transit", at=NOON + 47 * HOUR)

    assert watch_orders(NOON + 49 * HOUR) == 1
    record_trace(shipment_number=shipment.number, code="signed", at=NOON + 50 * HOUR)
    watch_orders(NOON + 51 * HOUR)

    task = OrderTask.objects.get()
    assert (task.reference, task.outcome) == (f"{shipment.number}/promise", "gone")


@pytest.mark.django_db
def test_O_26_an_order_unshipped_after_48_hours_is_a_task_and_an_overdue_one_tells_the_supervisor():
    packer, boss = worker("add_shipment"), worker("supervise_ordertask")
    order = make_order(paid=True)

    watch_orders(NOON + 47 * HOUR)
    assert not OrderTask.objects.exists()
    watch_orders(NOON + 48 * HOUR)
    task = OrderTask.objects.get()
    assert (task.kind, task.assignee, task.due_at) == ("late_shipping", packer, NOON + 56 * HOUR)
    assert not Message.objects.filter(template="orders.task_overdue").exists()
    for hours in (56, 57):
        watch_orders(NOON + hours * HOUR)

    message = Message.objects.get(template="orders.task_overdue")
    assert message.account == boss
    with translation.override("en"):
        assert order.number in render(message.template, message.params)[1]
    task.refresh_from_db()
    assert task.escalated_at == NOON + 56 * HOUR


@pytest.mark.django_db
def test_a_late_order_that_was_sent_is_no_task_any_more():
    order = make_order(paid=True)
    watch_orders(NOON + 48 * HOUR)

    ship_order(order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON + 49 * HOUR)
    watch_orders(NOON + 49 * HOUR)

    task = OrderTask.objects.get()
    assert (task.closed_at, task.outcome) == (NOON + 49 * HOUR, "gone")


@pytest.mark.django_db
def test_O_26_a_strange_address_and_a_difference_of_a_bill_are_tasks():
    service, book = worker("change_order"), worker("change_billfinding")
    order = make_order()
    Order.objects.update(address_detail="?")
    from orders.testing import pay

    pay(order)
    bill = DailyBill.objects.create(provider="sandbox", day="2026-11-21", compared_at=NOON)
    BillFinding.objects.create(bill=bill, kind="extra", number="P1", their_fen=5, found_at=NOON)

    assert watch_orders(NOON + HOUR) == 2

    found = OrderTask.objects.order_by("kind").values_list("kind", "reference", "assignee")
    assert list(found) == [
        ("address_error", order.number, service.pk),
        ("payment_mismatch", "P1", book.pk),
    ]
    BillFinding.objects.update(state="solved")
    watch_orders(NOON + 2 * HOUR)
    assert OrderTask.objects.get(kind="payment_mismatch").outcome == "gone"


@pytest.mark.django_db
def test_tasks_go_in_turn_and_to_supervisors_only_where_nobody_else_is():
    boss = worker("add_shipment", "supervise_ordertask")
    open_task(kind=Kind.LATE_SHIPPING, reference="A", at=NOON)
    first, second = worker("add_shipment"), worker("add_shipment")
    for reference in ("B", "C", "D"):
        open_task(kind=Kind.LATE_SHIPPING, reference=reference, at=NOON)

    assignees = OrderTask.objects.order_by("pk").values_list("assignee", flat=True)
    assert list(assignees) == [boss.pk, first.pk, second.pk, first.pk]


@pytest.mark.django_db
def test_a_task_is_handed_on_and_done_once():
    boss, packer, other = make_operator(), worker("add_shipment"), worker("view_order")
    open_task(kind=Kind.LATE_SHIPPING, reference="A", at=NOON)
    task = OrderTask.objects.get()

    with pytest.raises(NotTheirWork):
        assign_task(task_id=task.pk, assignee=other, actor=boss, at=NOON)
    assign_task(task_id=task.pk, assignee=packer, actor=boss, at=NOON)
    finish_task(task_id=task.pk, outcome="已电联", actor=packer, at=NOON + HOUR)
    with pytest.raises(TaskOver):
        finish_task(task_id=task.pk, outcome="x", actor=packer, at=NOON + HOUR)

    task.refresh_from_db()
    assert (task.closed_by, task.outcome, task.assignee) == (packer, "已电联", packer)
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert sorted(verbs) == ["orders.assign_task", "orders.finish_task"]


@pytest.mark.django_db
def test_O_25_the_report_shows_pay_to_ship_hours_of_each_warehouse_beside_the_targets():
    order, operator = make_order(paid=True), make_operator()
    here = Shipment._meta.get_field("warehouse").related_model.objects.get()
    mark_packed(order_ids=[order.pk], warehouse=here, actor=operator, at=NOON + 6 * HOUR)
    shipment = ship_order(
        order_number=order.number, carrier="sf", tracking_no="SF1", at=NOON + 10 * HOUR
    )
    record_trace(shipment_number=shipment.number, code="signed", at=NOON + 34 * HOUR)

    (row,) = lead_times(start=NOON, end=NOON + DAY)

    assert (row.warehouse_id, row.parcels, row.pay_to_ship) == (here.pk, 1, 10 * HOUR)
    assert row.steps == {"check": 0 * HOUR, "pack": 6 * HOUR, "ship": 4 * HOUR, "sign": DAY}
    assert targets(FulfilmentPolicy())["pack"] == 12 * HOUR


def test_I_21_the_cheapest_that_keeps_the_promise_is_taken():
    fast = Choice("sf", [Area("", 1000, 1_800, 1000, 300, 24)])
    cheap = Choice(
        "yto", [Area("33", 1000, 600, 1000, 100, 48), Area("", 1000, 900, 1000, 200, 96)]
    )
    middle = Choice("zto", [Area("", 1000, 800, 1000, 100, 60)])

    near = ranked([fast, cheap, middle], region_code="330106", grams=2_500, hours=72)
    far = ranked([fast, cheap, middle], region_code="650102", grams=2_500, hours=72)
    quick = ranked([cheap, middle], region_code="650102", grams=100, hours=24)

    assert [(ask.code, ask.cost_fen) for ask in near] == [
        ("yto", 800),
        ("zto", 1_000),
        ("sf", 2_400),
    ]
    assert [(ask.code, ask.is_in_time) for ask in far] == [
        ("zto", True), ("sf", True), ("yto", False),
    ]  # fmt: skip
    assert [(ask.code, ask.is_in_time) for ask in quick] == [("zto", False), ("yto", False)]


def test_a_carrier_without_a_price_for_a_region_is_not_named():
    assert (
        ranked([Choice("sf", [Area("11", 1, 1, 1, 1, 1)])], region_code="33", grams=1, hours=1)
        == []
    )


@pytest.mark.django_db
def test_I_21_carriers_are_ranked_by_punctuality_damage_and_cost():
    for code, first_fen in (("sf", 1_500), ("zto", 800)):
        carrier = Carrier.objects.get(code=code)
        CarrierPrice.objects.create(carrier=carrier, first_fen=first_fen, promise_hours=24)
    punctual, late = shipped(), make_order(paid=True)
    late = ship_order(order_number=late.number, carrier="zto", tracking_no="ZT1", at=NOON)
    record_trace(shipment_number=punctual.number, code="signed", at=NOON + 20 * HOUR)
    record_trace(shipment_number=late.number, code="signed", at=NOON + 30 * HOUR)
    note_damage(
        shipment_number=late.number, reason="压坏", actor=make_operator(), at=NOON + 2 * DAY
    )

    first, second, *unused = ratings(start=NOON, end=NOON + DAY, at=NOON + 2 * DAY)

    assert (first.carrier.code, first.on_time_bp, first.damaged_bp, first.each_fen) == (
        "sf", 10_000, 0, 1_500,
    )  # fmt: skip
    assert (second.carrier.code, second.on_time_bp, second.damaged_bp) == ("zto", 0, 10_000)
    assert {row.on_time_bp for row in unused} == {None}
    asks = carriers_for(region_code="330106", grams=1, hours=72, start=NOON, at=NOON + 2 * DAY)
    assert [ask.code for ask in asks] == ["zto", "sf"]


@pytest.mark.django_db
def test_O_24_receipt_comes_ten_days_after_signing_fifteen_after_shipping_completion_seven_later():
    signed, silent = shipped(), shipped()
    record_trace(shipment_number=signed.number, code="signed", at=NOON + DAY)
    due = dict(Order.objects.values_list("pk", "receive_due_at"))
    assert due == {signed.order_id: NOON + 11 * DAY, silent.order_id: NOON + 15 * DAY}

    assert receive_due(NOON + 11 * DAY) == 1
    assert receive_due(NOON + 15 * DAY) == 1
    assert receive_due(NOON + 15 * DAY) == 0
    assert complete_due(NOON + 18 * DAY - HOUR) == 0
    assert complete_due(NOON + 18 * DAY) == 1
    assert Order.objects.get(pk=signed.order_id).status == "completed"
