"""Papers of stock under contention, on real connections; each race with its control."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError

from catalog.testing import make_sku
from inventory.errors import NotOnItsWay, PaperMoveRefused
from inventory.models import StockMovement, StockWatch
from inventory.services import (
    ReturnedPiece,
    adjust_stock,
    approve_disposal,
    approve_stocktake,
    draft_transfer,
    expect_return,
    propose_disposal,
    receive_return,
    receive_stock,
    receive_transfer,
    send_transfer,
    set_defective,
    tell_watchers,
    watch_sku,
)
from inventory.testing import LONG_AGO, broken_books, make_stock, make_warehouse
from mall.kernel import ledger
from mall.kernel.notify.models import Message
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks

pytestmark = pytest.mark.django_db(transaction=True)
AT = LONG_AGO
CONTENDERS = 4


def person(name):
    return get_user_model().objects.create(username=name, is_staff=True)


def people(number):
    return [person(f"checker-{n}") for n in range(number)]


@pytest.fixture
def item():
    return make_stock(sku=make_sku(), on_hand=10, cost_fen=4_000)


@pytest.fixture
def adjustment(item):
    return adjust_stock(item_id=item.pk, difference=-2, reason="x", at=AT, actor=person("maker"))


def approve_all(paper):
    checkers = people(CONTENDERS)
    return stampede(
        CONTENDERS,
        lambda n: approve_stocktake(stocktake_id=paper.pk, at=AT, actor=checkers[n]),
    )


def test_of_many_approvals_of_one_stocktake_one_is_booked(item, adjustment):
    outcomes = approve_all(adjustment)

    assert len(outcomes.results) == 1
    assert outcomes.only(PaperMoveRefused)
    item.refresh_from_db()
    assert item.on_hand == 8
    assert broken_books() == []


def test_control_without_locks_only_the_constraint_keeps_one_approval(item, adjustment):
    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.stocktaking._lock", CONTENDERS),
    ):
        outcomes = approve_all(adjustment)

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)


@pytest.fixture
def transfer(item):
    paper = draft_transfer(
        origin_id=item.warehouse_id,
        target_id=make_warehouse().pk,
        pieces={item.sku_id: 5},
        at=AT,
    )
    return send_transfer(transfer_id=paper.pk, at=AT)


def receive_all(transfer, item):
    return stampede(
        CONTENDERS,
        lambda n: receive_transfer(
            transfer_id=transfer.pk, pieces={item.sku_id: 5}, reference=f"R{n}", at=AT
        ),
    )


def test_of_many_receipts_of_one_transfer_one_is_booked(item, transfer):
    outcomes = receive_all(transfer, item)

    assert len(outcomes.results) == 1
    assert outcomes.only((NotOnItsWay, PaperMoveRefused))
    arrived = item.sku.stock_items.get(warehouse=transfer.target)
    assert (arrived.on_hand, arrived.in_transit) == (5, 0)
    assert broken_books() == []


def test_control_without_locks_only_the_constraint_keeps_one_receipt(item, transfer):
    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.transferring._lock", CONTENDERS),
    ):
        outcomes = receive_all(transfer, item)

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)


def take_back(item):
    """The parcel was expected: its intake is there, so that the lock alone decides."""
    expect_return(
        after_sale_number="AS1", pieces={item.sku_id: 1}, warehouse_id=item.warehouse_id, at=AT
    )
    return stampede(
        CONTENDERS,
        lambda _n: receive_return(
            after_sale_number="AS1",
            lines=[ReturnedPiece(item.sku_id, 1, "C")],
            warehouse_id=item.warehouse_id,
            at=AT,
        ),
    )


def test_an_inspection_sent_many_times_at_once_is_booked_once(item):
    outcomes = take_back(item)

    assert not outcomes.errors
    item.refresh_from_db()
    assert item.defective == 1
    assert StockMovement.objects.filter(kind="return").count() == 1


def test_control_without_locks_only_the_constraint_keeps_one_inspection(item):
    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.returning.stock_rows", CONTENDERS),
    ):
        outcomes = take_back(item)

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    item.refresh_from_db()
    assert item.defective == 1


@pytest.fixture
def disposal(item):
    set_defective(item_id=item.pk, pieces=9, reason="x", source_id="d", at=AT)
    return propose_disposal(
        item_id=item.pk, way="scrap", pieces=2, reason="x", at=AT, actor=person("maker")
    )


def dispose_all(disposal):
    checkers = people(CONTENDERS)
    return stampede(
        CONTENDERS,
        lambda n: approve_disposal(disposal_id=disposal.pk, at=AT, actor=checkers[n]),
    )


def test_of_many_approvals_of_one_disposal_one_is_done(item, disposal):
    outcomes = dispose_all(disposal)

    assert len(outcomes.results) == 1
    assert outcomes.only(PaperMoveRefused)
    assert ledger.balance_of("loss:stock") == 8_000


def test_control_without_locks_only_the_constraint_keeps_one_disposal(item, disposal):
    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.disposing._open_to", CONTENDERS),
    ):
        outcomes = dispose_all(disposal)

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert ledger.balance_of("loss:stock") == 8_000


@pytest.fixture
def wish():
    item = make_stock(sku=make_sku(), on_hand=0)
    watch_sku(sku_id=item.sku_id, account_id=person("waits").pk, at=AT)
    receive_stock(
        sku=item.sku,
        warehouse=item.warehouse,
        quantity=10,
        source_type="purchase",
        source_id="P1",
        at=AT,
    )
    return StockWatch.objects.get()


def test_of_many_runs_one_tells_who_waits(wish):
    outcomes = stampede(CONTENDERS, lambda _n: tell_watchers(AT))

    assert not outcomes.errors
    assert sum(outcomes.results) == 1
    assert Message.objects.filter(template="inventory.back_in_stock").count() == 1


def test_control_without_locks_several_runs_think_they_told(wish):
    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.watching.available_pieces", CONTENDERS),
    ):
        outcomes = stampede(CONTENDERS, lambda _n: tell_watchers(AT))

    assert sum(outcomes.results) > 1
    assert Message.objects.filter(template="inventory.back_in_stock").count() == 1
