"""The last bundle, and its last part, under contention on real connections; each race with its
control. C-13, INV-01."""

import pytest
from django.db import IntegrityError

from catalog.testing import make_bundle
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from inventory.testing import broken_books
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Submission, Wanted, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
CONTENDERS = 8


@pytest.fixture
def buyers():
    members = [make_member() for _n in range(CONTENDERS)]
    for buyer in members:
        make_address(member=buyer)
    return members


def buy(member, sku):
    submission = Submission(address_id=member.addresses.get().pk, wanted=(Wanted(sku.pk, 1),))
    return place_order(member_id=member.pk, submission=submission, at=NOON)


def all_at_once(buyers, *skus):
    """Each buyer wants one of these SKUs, in turns."""
    return stampede(len(buyers), lambda n: buy(buyers[n], skus[n % len(skus)]))


def test_of_several_buyers_of_the_last_bundle_one_has_it(buyers):
    a, b = make_stocked_sku(on_hand=5), make_stocked_sku(on_hand=1)
    bundle = make_bundle({a: 1, b: 1})

    outcomes = all_at_once(buyers, bundle)

    assert len(outcomes.results) == Order.objects.count() == 1
    assert outcomes.only(OutOfStock)
    assert Reservation.objects.count() == 2
    assert broken_books() == []


def test_a_buyer_of_a_bundle_and_a_buyer_of_its_part_never_hold_one_piece_both(buyers):
    a, b = make_stocked_sku(on_hand=2), make_stocked_sku(on_hand=9)
    bundle = make_bundle({b: 1, a: 2})

    outcomes = all_at_once(buyers, bundle, a)

    assert outcomes.only(OutOfStock)
    assert StockItem.objects.get(sku=a).available == 0
    assert 1 <= len(outcomes.results) <= 2
    assert broken_books() == []


def test_control_without_locks_only_the_constraint_saves_the_last_bundle(buyers):
    a, b = make_stocked_sku(on_hand=5), make_stocked_sku(on_hand=1)
    bundle = make_bundle({a: 1, b: 1})
    hold = all_read_before_any_writes("inventory.services.reserving.decide", CONTENDERS)

    with without_locks(), hold:
        outcomes = all_at_once(buyers, bundle, b)

    assert any(isinstance(error, IntegrityError) for error in outcomes.errors)
