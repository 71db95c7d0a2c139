"""Many at one thing: 500 buyers of the last piece, a delivery while the shop sells (F-33, F-40)."""

from collections import Counter

import pytest

from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem, StockMovement
from mall.kernel.invariants import audit
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Submission, Wanted, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, AT_ONCE = 500, 50


def nothing_broken():
    return [(law.code, rows) for law, rows in audit() if rows and law.code != "INV-31"] == []


def test_F_33_of_500_buyers_of_the_last_piece_one_has_an_order_and_nothing_is_left_held():
    sku = make_stocked_sku(on_hand=1)
    buyers = [make_address(member=make_member()) for _n in range(AT_ONCE)]

    def buy(number):
        address = buyers[number % AT_ONCE]
        submission = Submission(address_id=address.pk, wanted=(Wanted(sku.pk, 1),))
        return place_order(member_id=address.member_id, submission=submission, at=NOON).number

    outcomes = stampede(BUYERS, buy, connections_at_most=AT_ONCE)

    assert len(outcomes.results) == Order.objects.count() == 1
    assert Counter(type(error) for error in outcomes.errors) == {OutOfStock: BUYERS - 1}
    item = StockItem.objects.get(sku=sku)
    assert (item.on_hand, item.reserved, Reservation.objects.count()) == (1, 1, 1)
    assert StockMovement.objects.filter(item=item, kind="reserve").count() == 1
    assert nothing_broken()
