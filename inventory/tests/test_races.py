"""Stock under contention, on real connections; each race with its control."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, transaction

from catalog.testing import make_sku
from inventory.errors import NotReserved, OutOfStock
from inventory.models import Reservation, RestockAlert, StockItem, StockMovement
from inventory.services import (
    consume_stock,
    raise_alerts,
    reallocate_order,
    release_stock,
    reserve_stock,
)
from inventory.testing import make_stock, make_warehouse
from mall.kernel.invariants import audit
from mall.kernel.testing.race import (
    all_read_before_any_writes,
    rival_before,
    stampede,
    without_locks,
)

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
CONTENDERS = 50


def reserve_one(item, number):
    reserve_stock(
        order_number=f"A{number}", wanted={"0": (item.sku_id, 1)}, region_code="33", at=AT
    )


def nothing_broken():
    return not [found for invariant, found in audit() if found and invariant.code[:6] <= "INV-04"]


def test_I_03_of_fifty_who_want_the_last_piece_exactly_one_gets_it():
    item = make_stock(sku=make_sku(), on_hand=1)

    outcomes = stampede(CONTENDERS, lambda number: reserve_one(item, number))

    assert len(outcomes.results) == 1
    assert outcomes.only(OutOfStock)
    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (1, 1)
    assert Reservation.objects.count() == 1
    assert nothing_broken()


def test_control_without_locks_only_the_constraint_saves_the_last_piece():
    item = make_stock(sku=make_sku(), on_hand=1)

    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.reserving.decide", CONTENDERS),
    ):
        outcomes = stampede(CONTENDERS, lambda number: reserve_one(item, number))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    item.refresh_from_db()
    assert item.reserved <= item.on_hand


def test_no_piece_is_left_unsold_either():
    item = make_stock(sku=make_sku(), on_hand=20)

    outcomes = stampede(CONTENDERS, lambda number: reserve_one(item, number))

    assert len(outcomes.results) == 20
    assert outcomes.only(OutOfStock)
    item.refresh_from_db()
    assert item.available == 0
    assert nothing_broken()


def test_F_20b_orders_that_name_two_skus_in_opposite_order_do_not_deadlock():
    one = make_stock(sku=make_sku(), on_hand=CONTENDERS)
    two = make_stock(sku=make_sku(), on_hand=CONTENDERS)

    def reserve_both(number):
        ids = [one.sku_id, two.sku_id]
        if number % 2:
            ids.reverse()
        wanted = {str(n): (sku_id, 1) for n, sku_id in enumerate(ids)}
        reserve_stock(order_number=f"A{number}", wanted=wanted, region_code="33", at=AT)

    outcomes = stampede(20, reserve_both)

    assert len(outcomes.results) == 20
    assert nothing_broken()


def held_order():
    item = make_stock(sku=make_sku(), on_hand=5)
    reserve_stock(order_number="A1", wanted={"0": (item.sku_id, 3)}, region_code="33", at=AT)
    return item


def test_fifty_cancellations_free_an_order_once():
    item = held_order()

    outcomes = stampede(CONTENDERS, lambda _n: release_stock(order_number="A1", at=AT))

    assert not outcomes.errors
    assert sorted(outcomes.results) == [0] * (CONTENDERS - 1) + [3]
    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (5, 0)
    assert nothing_broken()


def test_control_without_locks_cancelling_twice_hits_the_constraint():
    item = held_order()

    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.spending._held_by", 10),
    ):
        outcomes = stampede(10, lambda _n: release_stock(order_number="A1", at=AT))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    item.refresh_from_db()
    assert item.reserved >= 0


def ship_all():
    consume_stock(order_number="A1", pieces={"0": 3}, shipment_number="S1", at=AT)


def test_a_cancellation_that_wins_leaves_nothing_to_ship():
    item = held_order()

    def cancel():
        release_stock(order_number="A1", at=AT)

    with rival_before("inventory.services.spending._held_by", cancel), pytest.raises(NotReserved):
        ship_all()

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (5, 0)
    assert not StockMovement.objects.filter(kind="sale").exists()


def test_a_shipment_that_wins_leaves_nothing_to_free():
    item = held_order()

    with rival_before("inventory.services.spending._held_by", ship_all):
        assert release_stock(order_number="A1", at=AT) == 0

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (2, 0)
    assert nothing_broken()


def test_ten_workers_raise_one_alert():
    make_stock(sku=make_sku(), on_hand=1, safety_stock=5)

    outcomes = stampede(10, lambda _n: raise_alerts(AT))

    assert not outcomes.errors
    assert sum(outcomes.results) == 1
    assert RestockAlert.objects.count() == 1


def test_control_without_locks_the_constraint_keeps_one_alert():
    make_stock(sku=make_sku(), on_hand=1, safety_stock=5)

    with (
        without_locks(),
        all_read_before_any_writes("inventory.services.alerting._still_silent", 5),
    ):
        outcomes = stampede(5, lambda _n: raise_alerts(AT))

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
    assert RestockAlert.objects.count() == 1


def test_a_transaction_that_fails_later_gives_its_pieces_back():
    item = make_stock(sku=make_sku(), on_hand=1)

    with transaction.atomic():
        reserve_one(item, 1)
        transaction.set_rollback(True)

    assert StockItem.objects.get().reserved == 0
    assert not Reservation.objects.exists()


def two_orders_cross(*, take_turns):
    """Orders in Hangzhou and Beijing change places; both have let go before either reserves."""
    sku, places = make_sku(), {"H": "330106", "B": "110105"}
    for region in reversed(places.values()):
        house = make_warehouse(region_code=region, served_prefixes=(region[:2],))
        make_stock(sku=sku, on_hand=5, warehouse=house)
    for order, region in places.items():
        reserve_stock(order_number=order, wanted={"0": (sku.pk, 1)}, region_code=region, at=AT)

    def move(number):
        order, region = ("H", places["B"]) if number else ("B", places["H"])
        return reallocate_order(order_number=order, region_code=region, at=AT)

    let_go = "inventory.services.reallocating.release_stock"
    with all_read_before_any_writes(let_go, 2, or_a_lock_holds_them=take_turns):
        return stampede(2, move)


def test_F_20b_two_orders_that_change_places_do_not_deadlock():
    outcomes = two_orders_cross(take_turns=True)

    assert not outcomes.errors
    assert list(outcomes.results) == [1, 1]
    assert [item.reserved for item in StockItem.objects.order_by("pk")] == [1, 1]
    assert nothing_broken()


def test_control_without_the_lock_of_all_stock_one_of_them_is_a_deadlock(monkeypatch):
    monkeypatch.setattr("inventory.services.reallocating._lock_all", lambda *_rows: None)

    outcomes = two_orders_cross(take_turns=False)

    assert [type(error) for error in outcomes.errors] == [OperationalError]
    assert nothing_broken()
