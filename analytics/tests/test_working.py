"""The workbench's queues hold what can be worked on."""

import pytest

from analytics.selectors import ship_queue, work_waiting
from orders.services import release_group
from orders.testing import NOON, make_group_order, make_order, make_stocked_sku
from promotions.testing import make_group_buy

pytestmark = pytest.mark.django_db


def test_P_32_orders_that_wait_for_their_group_are_not_to_be_shipped_yet():
    plain = make_order(paid=True)
    waits = make_group_order(make_group_buy(make_stocked_sku()), paid=True)

    assert [order.number for order in ship_queue()] == [plain.number]
    assert (work_waiting(NOON).to_ship, work_waiting(NOON).to_pay) == (1, 0)

    release_group(team_number=waits.offer_reference, at=NOON)

    assert {order.number for order in ship_queue()} == {plain.number, waits.number}
    assert work_waiting(NOON).to_ship == 2
