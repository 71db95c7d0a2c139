"""kill -9 in the middle of a deal: either all of it happened or nothing (F-01 to F-03)."""

import os
import signal

import pytest
from django.db import connections

from catalog.models import Product
from inventory.models import Reservation, StockItem
from mall.kernel.idempotency import Answer, Key, run_once
from mall.kernel.invariants import audit
from mall.kernel.outbox import relay_batch
from members.testing import make_address, make_member
from orders.models import Order, Payment
from orders.services import (
    Submission,
    Wanted,
    pay_at_cashier,
    place_order,
    query_silent_payments,
)
from orders.testing import NOON, make_order, make_stocked_sku, open_sandbox_payment

pytestmark = pytest.mark.django_db(transaction=True)


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_process_that_dies(work):
    """Run ``work`` in a child of our own and see it killed."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the point where it dies was not passed"
    assert os.WTERMSIG(status) == signal.SIGKILL


def nothing_broken():
    broken = [found for invariant, found in audit() if found and invariant.code != "INV-31"]
    assert broken == []
    return True


@pytest.fixture
def keyed():
    """A keyed placing of one order, as the REST door does it."""
    member = make_member()
    address = make_address(member=member)
    wanted = (Wanted(make_stocked_sku(on_hand=3).pk, 1),)
    submission = Submission(address_id=address.pk, wanted=wanted)

    def send():
        key = Key(member.account_id, "orders", "k-1", {"body": 1})
        return run_once(
            key,
            verb=lambda: place_order(member_id=member.pk, submission=submission, at=NOON),
            render=lambda order: Answer(201, {"number": order.number}),
            at=NOON,
        )

    return send


@pytest.mark.parametrize(
    "point",
    [
        "orders.services.placing.quote",
        "orders.services.placing.publish",
        "orders.services.placing.hold_goods",
        "inventory.services.reserving.publish",
        "mall.kernel.idempotency.once._keep",
    ],
)
def test_F_01_dying_before_the_commit_leaves_nothing_and_the_same_key_works(
    keyed, monkeypatch, point
):
    with monkeypatch.context() as patch:
        patch.setattr(point, die)
        in_a_process_that_dies(keyed)

    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert keyed().status == 201
    assert (Order.objects.count(), StockItem.objects.get().reserved) == (1, 1)
    assert nothing_broken()


def test_F_02_dying_after_the_commit_the_same_key_gets_the_stored_answer(keyed):
    def place_and_die():
        keyed()
        die()

    in_a_process_that_dies(place_and_die)

    answer = keyed()
    assert answer.replayed
    assert answer.body == {"number": Order.objects.get().number}


def test_F_03_dying_between_commit_and_nudge_the_event_is_still_delivered(monkeypatch):
    payment = open_sandbox_payment(make_order(quantity=2))
    with monkeypatch.context() as patch:
        patch.setattr("mall.kernel.outbox.publishing.nudge_relay", die)
        in_a_process_that_dies(
            lambda: pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=NOON)
        )
    assert Order.objects.get().status == "paid"
    assert Product.objects.get().sales_count == 0

    relay_batch(NOON)

    assert Product.objects.get().sales_count == 2
    assert nothing_broken()


def test_dying_while_a_notice_is_applied_it_is_found_by_asking(monkeypatch):
    payment = open_sandbox_payment(make_order())
    with monkeypatch.context() as patch:
        patch.setattr("orders.services.settling.hold", die)
        in_a_process_that_dies(
            lambda: pay_at_cashier(payment_no=payment.payment_no, succeed=True, at=NOON)
        )
    assert Payment.objects.get().status == "pending"

    assert query_silent_payments(payment.query_at) == 1

    assert Order.objects.get().status == "paid"
    assert nothing_broken()
