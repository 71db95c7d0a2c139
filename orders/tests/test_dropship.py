"""Parts of orders that partners ship, from payment to parcel. Source: O-28, I-23, I-28."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from catalog.testing import make_sku
from inventory.models import Reservation, SupplierCharge, SupplierFact, Warehouse
from inventory.services import issue_supplier_key
from inventory.testing import broken_books, make_goods, make_stock, make_supplier, make_warehouse
from mall.kernel import clock
from mall.kernel.invariants import audit
from mall.kernel.notify.models import Message
from mall.kernel.outbox import relay_batch
from members.testing import make_operator
from orders.errors import SubOrderOver
from orders.models import (
    ForwardRoute,
    Order,
    OrderTask,
    PartnerReport,
    Shipment,
    SubOrder,
)
from orders.services import (
    Report,
    Wanted,
    cancel_order,
    file_of_partner,
    forward_due,
    issue_route_key,
    report_sub_order,
    save_route,
    send_sub_order_again,
    ship_by_file,
    ship_order,
    watch_sub_orders,
    write_missing,
)
from orders.simulator import partner_running
from orders.testing import make_order, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
TRACKING = "SF1402003310"
State = SubOrder.State


@pytest.fixture(scope="module")
def door():
    with partner_running() as partner:
        yield partner


@pytest.fixture
def partner(door):
    for memory in (door.orders, door.recalled, door.shipped, door.troubles, door.heard):
        memory.clear()
    return door


def dropped(supplier, *, on_hand=40, **values):
    """A SKU that lies with a supplier only."""
    sku = make_sku(price_fen=10_000)
    make_goods(supplier, sku, cost_fen=3_000, **values)
    make_stock(sku=sku, on_hand=on_hand, warehouse=Warehouse.objects.get(supplier=supplier))
    return sku


def connect(warehouse, door, adapter="api"):
    """A way to the partner over its interface, with a key that both have."""
    operator = make_operator()
    route = ForwardRoute(warehouse=warehouse, adapter=adapter, url=door.url)
    save_route(route=route, actor=operator, at=clock.now())
    door.key_id, door.secret = issue_route_key(route_id=route.pk, actor=operator, at=clock.now())
    return route


def mixed_order(supplier, **values):
    """Paid: 2 pieces from the supplier, 1 from our own house; split over both."""
    ours, theirs = make_stocked_sku(), dropped(supplier)
    wanted = (Wanted(ours.pk, 1), Wanted(theirs.pk, 2))
    order = make_order(wanted=wanted, paid=True, at=clock.now(), **values)
    relay_batch(clock.now())
    return order


def hear(door, number, facts):
    """The mall's answer to a partner's call-back."""
    path = f"/api/v1/supplier/orders/{number}/shipped/"
    message = door.report(path, facts)
    headers = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in message.headers.items()}
    return Client().post(
        path, message.body, content_type="application/json", HTTP_ACCEPT_LANGUAGE="en", **headers
    )


def lawful():
    """No law of the house is broken."""
    assert [law.code for law, found in audit() if found] == []


SHIPPED = {"state": "shipped", "carrier": "sf", "tracking_no": TRACKING}


def test_O_28_a_paid_mixed_order_yields_one_sub_order_and_its_callback_ships_that_part(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    sub = SubOrder.objects.get()
    assert (sub.order_id, sub.state, [row.quantity for row in sub.lines.all()]) == (
        order.pk, State.SENT, [2],
    )  # fmt: skip
    taken = partner.orders[sub.number]
    assert taken["receiver"]["phone"] == order.receiver_phone
    assert [line["pieces"] for line in taken["lines"]] == [2]

    answer = hear(partner, sub.number, SHIPPED)

    assert answer.status_code == 200, answer.content
    shipment = Shipment.objects.get()
    assert answer.json() == {
        "number": sub.number, "state": "shipped", "outcome": "applied",
        "shipment": shipment.number,
    }  # fmt: skip
    assert (shipment.tracking_no, shipment.warehouse.supplier_id) == (TRACKING, supplier.pk)
    assert [row.quantity for row in shipment.lines.all()] == [2]
    order.refresh_from_db()
    assert order.status == Order.Status.PART_SHIPPED
    report = PartnerReport.objects.get()
    assert (json.loads(report.body), report.outcome) == (SHIPPED, "applied")
    lawful()


def test_what_a_parcel_cost_is_on_the_statement_and_its_hours_on_the_scorecard(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    sub = SubOrder.objects.get()

    hear(partner, sub.number, SHIPPED)

    charge = SupplierCharge.objects.get(kind=SupplierCharge.Kind.DROPSHIP)
    assert (charge.supplier_id, charge.reference, charge.amount_fen) == (
        supplier.pk, sub.number, 6_000,
    )  # fmt: skip
    fact = SupplierFact.objects.get()
    assert (fact.kind, fact.reference, fact.good, fact.total) == ("shipped", sub.number, 1, 1)


def test_I_23_a_mock_wms_callback_ships_the_order(partner):
    cloud = make_warehouse(kind=Warehouse.Kind.CLOUD)
    connect(cloud, partner, adapter="wms")
    sku = make_sku(price_fen=10_000)
    make_stock(sku=sku, on_hand=5, warehouse=cloud)
    order = make_order(sku=sku, quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    forward_due(clock.now())
    sub = SubOrder.objects.get()
    assert partner.orders[sub.number]["items"] == [{"sku": sku.code, "quantity": 2}]
    assert urlsplit(partner.heard[0].target).path == "/mall/outbound"

    answer = hear(partner, sub.number, SHIPPED)

    assert answer.status_code == 200, answer.content
    order.refresh_from_db()
    assert (order.status, sub.order.pk) == (Order.Status.SHIPPED, order.pk)
    assert not SupplierCharge.objects.exists()
    lawful()


def test_a_cloud_without_a_way_to_it_is_packed_by_ourselves():
    cloud = make_warehouse(kind=Warehouse.Kind.CLOUD)
    sku = make_sku(price_fen=10_000)
    make_stock(sku=sku, on_hand=5, warehouse=cloud)

    make_order(sku=sku, paid=True, at=clock.now())
    relay_batch(clock.now())

    assert write_missing(clock.now()) == 0
    assert not SubOrder.objects.exists()


def test_the_sweep_finds_what_an_event_has_missed_and_writes_it_once():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), paid=True, at=clock.now())
    assert not SubOrder.objects.exists()

    assert write_missing(clock.now()) == 1
    assert write_missing(clock.now()) == 0
    relay_batch(clock.now())

    assert SubOrder.objects.get().order_id == order.pk


@pytest.mark.parametrize("stage", ["in_review", "grouping"])
def test_an_order_that_waits_for_somebody_is_not_forwarded(stage):
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    Order.objects.filter(pk=order.pk).update(stage=stage)

    relay_batch(clock.now())

    assert write_missing(clock.now()) == 0
    assert not SubOrder.objects.exists()


def test_O_28_a_partner_that_fails_is_tried_later_and_reported_once(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    operator = make_operator()
    mixed_order(supplier)
    partner.troubles[:] = [503] * 6
    at = clock.now()

    for _attempt in range(6):
        assert forward_due(at) == 0
        at += timedelta(hours=1)

    task = OrderTask.objects.get(kind=OrderTask.Kind.DROPSHIP_FAILED)
    sub = SubOrder.objects.get()
    assert (task.reference, task.facts["reason"], sub.attempts) == (sub.number, "no_answer", 6)
    assert sub.last_error == "status 503"
    told = Message.objects.filter(account=operator, template="orders.dropship_failed")
    assert told.count() == 1

    assert forward_due(at) == 1

    task.refresh_from_db()
    sub.refresh_from_db()
    assert (sub.state, sub.next_at, task.outcome) == (State.SENT, None, "sent")


def test_a_line_that_is_cut_after_the_order_was_taken_makes_no_second_order(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    partner.troubles.append(0)
    at = clock.now()

    assert forward_due(at) == 0
    assert forward_due(at) == 0
    assert forward_due(at + timedelta(minutes=1)) == 1

    assert len(partner.heard) == 2
    assert list(partner.orders) == [SubOrder.objects.get().number]


def test_reports_come_twice_and_out_of_order(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    number = SubOrder.objects.get().number

    answers = [
        hear(partner, number, facts)
        for facts in (SHIPPED, SHIPPED, {"state": "accepted"}, {"state": "refused"})
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 409]
    assert answers[-1].json()["code"] == "orders.sub_order_over"
    assert Shipment.objects.count() == 1
    outcomes = PartnerReport.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["applied", "repeated", "repeated", "refused"]
    other = {**SHIPPED, "tracking_no": "SF2"}
    assert hear(partner, number, other).status_code == 409
    assert Shipment.objects.count() == 1


def test_another_supplier_finds_nothing(partner):
    supplier, stranger = make_supplier(house=True), make_supplier(house=True)
    mixed_order(supplier)
    key, secret = issue_supplier_key(supplier_id=stranger.pk, at=clock.now())
    partner.key_id, partner.secret = key.key_id, secret

    answer = hear(partner, SubOrder.objects.get().number, SHIPPED)

    assert answer.status_code == 404
    assert not Shipment.objects.exists()
    assert SubOrder.objects.get().state == State.PENDING


def test_a_supplier_reports_with_the_key_of_its_stock_door(partner):
    supplier = make_supplier(house=True)
    mixed_order(supplier)
    key, secret = issue_supplier_key(supplier_id=supplier.pk, at=clock.now())
    partner.key_id, partner.secret = key.key_id, secret

    assert hear(partner, SubOrder.objects.get().number, SHIPPED).status_code == 200


def test_a_wrong_signature_is_a_401_and_changes_nothing(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    partner.secret = "0" * 64

    answer = hear(partner, SubOrder.objects.get().number, SHIPPED)

    assert answer.status_code == 401
    assert not PartnerReport.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "lost"},
        {"state": "shipped", "carrier": "sf"},
        {"state": "accepted", "cost_fen": 1},
        {"state": "shipped", "carrier": "sf", "tracking_no": "x" * 41},
    ],
)
def test_a_wrong_body_is_a_400_and_changes_nothing(partner, facts):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)

    assert hear(partner, SubOrder.objects.get().number, facts).status_code == 400
    assert SubOrder.objects.get().state == State.PENDING


def test_an_unknown_carrier_is_a_refusal_that_somebody_sees(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    mixed_order(supplier)
    number = SubOrder.objects.get().number

    answer = hear(partner, number, {**SHIPPED, "carrier": "pigeon"})

    assert (answer.status_code, answer.json()["code"]) == (409, "orders.carrier_unknown")
    assert not Shipment.objects.exists()
    assert OrderTask.objects.get().facts["reason"] == "parcel_not_booked"


def test_what_one_supplier_refuses_is_reserved_elsewhere(partner):
    first, second = make_supplier(house=True), make_supplier(house=True)
    sku = dropped(first)
    order = make_order(sku=sku, quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    other = Warehouse.objects.get(supplier=second)
    make_goods(second, sku, cost_fen=4_000)
    make_stock(sku=sku, on_hand=10, warehouse=other)
    sub = SubOrder.objects.get()

    report_sub_order(
        number=sub.number,
        warehouse_id=sub.warehouse_id,
        report=Report("refused", reason="缺货"),
        at=clock.now(),
    )
    write_missing(clock.now())

    sub.refresh_from_db()
    assert (sub.state, sub.reason) == (State.REFUSED, "缺货")
    held = Reservation.objects.of_source("order", order.number).open()
    assert [(row.item.warehouse_id, row.held) for row in held] == [(other.pk, 2)]
    anew = SubOrder.objects.live().get()
    assert (anew.warehouse_id, anew.lines.get().cost_fen) == (other.pk, 4_000)
    assert not OrderTask.objects.filter(kind=OrderTask.Kind.DROPSHIP_FAILED).exists()
    assert broken_books() == []
    lawful()


def test_what_nobody_else_has_becomes_a_task_and_can_be_asked_for_anew():
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    relay_batch(clock.now())
    sub, operator = SubOrder.objects.get(), make_operator()

    report_sub_order(
        number=sub.number, warehouse_id=sub.warehouse_id, report=Report("refused"), at=clock.now()
    )

    assert write_missing(clock.now()) == 0
    task = OrderTask.objects.get()
    assert (task.order_id, task.facts["reason"], task.facts["detail"]) == (
        order.pk, "refused", "inventory.out_of_stock",
    )  # fmt: skip

    send_sub_order_again(number=sub.number, actor=operator, at=clock.now())

    task.refresh_from_db()
    assert task.closed_at is not None
    assert SubOrder.objects.live().get().number != sub.number
    lawful()


def test_an_order_that_is_cancelled_is_called_back_from_its_supplier(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    number = SubOrder.objects.get().number
    assert number in partner.orders

    cancel_order(number=order.number, member_id=order.member_id, reason="不要了", at=clock.now())
    assert SubOrder.objects.get().state == State.CANCELLED
    forward_due(clock.now())

    assert (number in partner.orders, number in partner.recalled) == (False, True)
    assert SubOrder.objects.get().next_at is None
    late = hear(partner, number, SHIPPED)
    assert (late.status_code, late.json()["code"]) == (409, "orders.sub_order_over")
    assert not Shipment.objects.exists()
    assert OrderTask.objects.get(kind="dropship_failed").facts["reason"] == "parcel_not_booked"
    lawful()


def test_what_left_before_it_was_called_back_becomes_a_task(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)
    forward_due(clock.now())
    partner.shipped.add(SubOrder.objects.get().number)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())
    forward_due(clock.now())

    assert OrderTask.objects.get(kind="dropship_failed").facts["reason"] == "recalled_too_late"
    assert SubOrder.objects.get().next_at is None


def test_what_nobody_was_told_of_is_cancelled_without_a_word(partner):
    supplier = make_supplier(house=True)
    connect(Warehouse.objects.get(supplier=supplier), partner)
    order = mixed_order(supplier)

    cancel_order(number=order.number, member_id=order.member_id, reason="", at=clock.now())

    assert forward_due(clock.now()) == 0
    assert partner.heard == []
    assert SubOrder.objects.get().state == State.CANCELLED


def test_files_go_out_and_come_back_with_tracking_numbers():
    supplier, operator = make_supplier(house=True), make_operator()
    house = Warehouse.objects.get(supplier=supplier)
    save_route(route=ForwardRoute(warehouse=house, adapter="csv"), actor=operator, at=clock.now())
    order = mixed_order(supplier)
    assert forward_due(clock.now()) == 0
    sub = SubOrder.objects.get()

    rows = file_of_partner(warehouse=house, actor=operator, at=clock.now())

    assert [(row[0], row[4], row[6]) for row in rows] == [(sub.number, 2, order.receiver_phone)]
    sub.refresh_from_db()
    assert sub.state == State.SENT
    text = f"sub_order,carrier,tracking_no\n{sub.number},sf,{TRACKING}\nD0,sf,SF9\n{sub.number},,\n"
    results = {}
    for is_trial in (True, False, False):
        done = ship_by_file(
            content=text.encode(), warehouse=house, actor=operator, at=clock.now(),
            is_trial=is_trial,
        )  # fmt: skip
        results[len(results)] = [row.outcome for row in done]
    assert results == {0: ["would_ship", "bad"], 1: ["shipped", "bad"], 2: ["known", "bad"]}
    assert Shipment.objects.get().tracking_no == TRACKING
    lawful()


def test_a_parcel_that_an_operator_sends_ends_the_sub_order_too():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())

    ship_order(order_number=order.number, carrier="sf", tracking_no=TRACKING, at=clock.now())

    sub = SubOrder.objects.get()
    assert (sub.state, sub.shipment) == (State.SHIPPED, Shipment.objects.get())
    assert SupplierCharge.objects.get(kind="dropship").amount_fen == 6_000
    lawful()


def test_a_part_that_is_sent_otherwise_calls_the_rest_back_and_writes_it_anew():
    supplier = make_supplier(house=True)
    order = make_order(sku=dropped(supplier), quantity=2, paid=True, at=clock.now())
    relay_batch(clock.now())
    line = order.lines.get()

    ship_order(
        order_number=order.number, carrier="sf", tracking_no=TRACKING, pieces={line.pk: 1},
        at=clock.now(),
    )  # fmt: skip
    write_missing(clock.now())

    states = SubOrder.objects.order_by("pk").values_list("state", "lines__quantity")
    assert list(states) == [("cancelled", 2), ("pending", 1)]
    lawful()


def test_a_sub_order_nobody_accepts_becomes_a_task_and_its_hours_run_out():
    supplier = make_supplier(house=True)
    make_order(sku=dropped(supplier), paid=True, at=clock.now())
    relay_batch(clock.now())
    forward_due(clock.now())
    made = SubOrder.objects.get().created_at

    assert watch_sub_orders(made + timedelta(hours=23)) == 0
    assert watch_sub_orders(made + timedelta(hours=24)) == 1
    assert OrderTask.objects.get().facts["reason"] == "not_accepted"
    assert watch_sub_orders(made + timedelta(hours=48)) == 0
    assert watch_sub_orders(made + timedelta(hours=48, seconds=1)) == 1
    assert watch_sub_orders(made + timedelta(hours=49)) == 0

    assert (SupplierFact.objects.get().good, SubOrder.objects.get().is_late) == (0, True)


def test_what_is_shipped_is_not_sent_again():
    order = make_order(sku=dropped(make_supplier(house=True)), paid=True, at=clock.now())
    relay_batch(clock.now())
    ship_order(order_number=order.number, carrier="sf", tracking_no=TRACKING, at=clock.now())
    sub = SubOrder.objects.get()

    with pytest.raises(SubOrderOver):
        send_sub_order_again(number=sub.number, actor=make_operator(), at=clock.now())
