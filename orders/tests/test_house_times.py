"""How long an order waits is the shop's to say (O-22, O-24), and holds for what begins after it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.testing import make_sku
from inventory.testing import make_stock, make_store
from mall.kernel.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from members.testing import make_member, make_operator
from orders.models import FulfilmentPolicy, Order
from orders.services import (
    Collect,
    Submission,
    Wanted,
    close_unpaid,
    complete_due,
    place_order,
    receive_order,
    record_trace,
    save_fulfilment_policy,
    ship_order,
)
from orders.testing import NOON, make_flash_order, make_flash_sale, make_order, make_stocked_sku
from orders.tests.cases import granted, line_of

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clerk():
    return make_operator()


@pytest.fixture
def quick(clerk):
    """A shop that waits for less than is usual."""
    times = {"pay_minutes": 20, "receive_days": 9, "signed_days": 3, "complete_days": 2}
    return save_fulfilment_policy(changes=times, actor=clerk, at=NOON)


def ship(order, **values):
    return ship_order(
        order_number=order.number, carrier="sf", tracking_no=f"SF{order.pk}", at=NOON, **values
    )


def due(order):
    return Order.objects.get(pk=order.pk).receive_due_at


def test_the_usual_times_hold_where_nobody_set_others():
    unpaid, sent = make_order(), make_order(paid=True)
    FulfilmentPolicy.objects.all().delete()
    ship(sent)

    assert unpaid.expires_at == NOON + 30 * MINUTE
    assert due(sent) == NOON + 15 * DAY


def test_O_22_an_order_waits_for_its_payment_as_long_as_the_policy_says(quick):
    order = make_order()

    assert order.expires_at == NOON + 20 * MINUTE
    assert close_unpaid(NOON + 19 * MINUTE) == 0
    assert close_unpaid(NOON + 20 * MINUTE) == 1


def test_O_22_what_is_fetched_in_a_store_waits_as_long(quick):
    store = make_store()
    sku = make_stock(sku=make_sku(), on_hand=5, warehouse=store.warehouse).sku
    collect = Collect(store_id=store.pk, name="张三", phone="13800001111")
    submission = Submission(wanted=(Wanted(sku.pk, 1),), collect=collect)

    order = place_order(member_id=make_member().pk, submission=submission, at=NOON)

    assert order.expires_at == NOON + 20 * MINUTE


def test_an_activity_keeps_its_own_time_to_pay(quick):
    campaign = make_flash_sale(make_stocked_sku(), quota=5, rule={"pay_minutes": 5})

    assert make_flash_order(campaign).expires_at == NOON + 5 * MINUTE


def test_a_changed_time_leaves_an_order_that_waits_already(clerk):
    order = make_order()

    save_fulfilment_policy(changes={"pay_minutes": 60}, actor=clerk, at=NOON)

    assert Order.objects.get(pk=order.pk).expires_at == NOON + 30 * MINUTE
    assert make_order().expires_at == NOON + 60 * MINUTE


def test_O_24_a_sent_order_counts_as_received_when_the_policy_says(quick):
    order = make_order(paid=True)

    ship(order)

    assert due(order) == NOON + 9 * DAY


def test_O_24_reading_the_days_costs_a_parcel_no_statement(quick):
    def statements():
        order = make_order(paid=True)
        with count_queries() as counted:
            ship(order)
        return len(counted)

    with_policy = statements()
    FulfilmentPolicy.objects.all().delete()

    assert statements() == with_policy


def test_O_24_signing_starts_the_days_of_the_policy_and_never_adds_any(quick):
    early, late = (make_order(paid=True) for _n in range(2))
    for order, days in ((early, 1), (late, 8)):
        parcel = ship(order)
        record_trace(shipment_number=parcel.number, code="signed", at=NOON + days * DAY)

    assert due(early) == NOON + 4 * DAY
    assert due(late) == NOON + 9 * DAY


def test_O_24_a_received_order_completes_after_the_days_of_the_policy(quick):
    order = make_order(paid=True)
    ship(order)
    receive_order(number=order.number, at=NOON)

    assert complete_due(NOON + 2 * DAY - MINUTE) == 0
    assert complete_due(NOON + 2 * DAY) == 1


def test_the_rest_that_is_paid_back_starts_the_days_too(quick):
    order = make_order(paid=True, quantity=3)
    ship(order, pieces={line_of(order).pk: 2})

    granted(order, at=NOON)

    assert due(order) == NOON + 9 * DAY


def test_the_times_are_set_on_the_policys_page_with_a_trail(client, quick, clerk):
    client.force_login(clerk)
    address = reverse("admin:orders_fulfilmentpolicy_change", args=[1])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields} | {"pay_minutes": 45}

    refused = client.post(address, typed | {"complete_days": 31})
    taken = client.post(address, typed)

    errors = refused.context["adminform"].form.errors
    assert list(errors) == ["complete_days"]
    assert taken.status_code == 302
    assert FulfilmentPolicy.objects.get().pay_minutes == 45
    entry = AuditEntry.objects.filter(verb="orders.save_fulfilment_policy").latest("pk")
    assert (entry.before, entry.after) == ({"pay_minutes": 20}, {"pay_minutes": 45})
