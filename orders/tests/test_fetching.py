"""O-46: couriers are ordered for granted returns, once, and called off with the case."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from members.testing import make_operator
from orders.models import Carrier, OrderTask, PickupRequest
from orders.services import (
    PickupWish,
    approve_after_sale,
    book_pickups,
    cancel_after_sale,
)
from orders.services.after_sales.fetching import MOST_TRIES
from orders.services.tasking import close_tasks
from orders.simulator import express_running
from orders.simulator.speech import Message
from orders.tests.cases import LATER, ask, sent_order

pytestmark = pytest.mark.django_db(transaction=True)
State = PickupRequest.State
BROKEN = Message(200, {}, b"not signed")


@pytest.fixture(scope="module")
def aggregator():
    with express_running() as express:
        yield express


@pytest.fixture
def express(aggregator, settings, db):
    """The aggregator, configured; SF is reached there."""
    settings.CARRIER_CHANNELS = {"express": aggregator.channel()}
    aggregator.pickups.clear()
    aggregator.troubles.clear()
    Carrier.objects.filter(code="sf").update(adapter="express", outside_code="shunfeng")
    return aggregator


@pytest.fixture
def case(express):
    """A granted return that is to be fetched tomorrow morning."""
    order = sent_order(received=True)
    wish = PickupWish(clock.day_of(LATER) + timedelta(days=1), "09-12")
    found = ask(order, kind="return_refund", reason="quality", pickup=wish)
    approve_after_sale(number=found.number, actor=make_operator(), at=LATER)
    return found


def pickup():
    return PickupRequest.objects.get()


def open_tasks():
    return list(OrderTask.objects.open().values_list("kind", flat=True))


def test_O_46_a_granted_pickup_is_booked_once_and_its_task_is_done(express, case):
    assert open_tasks() == [OrderTask.Kind.PICKUP]

    assert [book_pickups(LATER), book_pickups(LATER)] == [1, 0]

    row = pickup()
    assert (row.state, row.carrier, row.carrier_no) == (State.BOOKED, "sf", "D000001")
    assert list(express.pickups) == [case.number]
    assert open_tasks() == []


def test_what_nobody_granted_is_not_fetched(express):
    wish = PickupWish(clock.day_of(LATER) + timedelta(days=1), "09-12")
    ask(sent_order(received=True), kind="return_refund", reason="quality", pickup=wish)

    assert book_pickups(LATER) == 0
    assert (pickup().state, express.pickups) == (State.WAITING, {})


def test_a_carrier_that_does_not_answer_is_asked_again_later(express, case):
    express.troubles.append(BROKEN)

    assert book_pickups(LATER) == 0
    row = pickup()
    assert (row.state, row.tries) == (State.WAITING, 1)
    assert row.next_try_at == LATER + timedelta(minutes=5)
    assert book_pickups(LATER + timedelta(minutes=4)) == 0
    assert book_pickups(LATER + timedelta(minutes=5)) == 1


def test_when_it_never_answers_somebody_has_to_phone(express, case):
    close_tasks(kind=OrderTask.Kind.PICKUP, reference=case.number, at=LATER, outcome="seen")
    PickupRequest.objects.update(tries=MOST_TRIES - 1)
    express.troubles.append(BROKEN)

    assert book_pickups(LATER) == 0

    assert OrderTask.objects.open().get().facts["why"] == "nobody_answered"
    assert book_pickups(LATER + timedelta(hours=12)) == 0
    assert pickup().state == State.WAITING


def test_the_courier_of_a_case_that_ended_is_called_off_once(express, case):
    book_pickups(LATER)
    cancel_after_sale(number=case.number, member_id=case.member_id, at=LATER)

    assert book_pickups(LATER) == 0
    assert (express.pickups, pickup().called_off_at) == ({}, LATER)
    express.troubles.append(BROKEN)
    assert book_pickups(LATER) == 0
    assert len(express.troubles) == 1


def test_a_shop_whose_carriers_have_no_system_keeps_its_task(express, case):
    Carrier.objects.update(adapter="manual")

    assert book_pickups(LATER) == 0
    assert (pickup().state, open_tasks()) == (State.WAITING, [OrderTask.Kind.PICKUP])
