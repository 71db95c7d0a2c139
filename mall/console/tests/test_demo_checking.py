"""The demo's order to be checked: risk found it, nobody has packed it, and it is there once."""

import pytest

from mall.console.demo.checking import seed_check
from mall.console.demo.seeding import Seeding, Tally
from mall.kernel.invariants import audit
from members.testing import make_address, make_member
from orders.models import Order, OrderCheck
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_pieces_wait_for_the_service_and_a_second_run_adds_none():
    make_address(member=make_member(phone="13800000004"))
    make_stocked_sku(price_fen=3_000, on_hand=100)
    seeding = Seeding(at=NOON, tell=print)

    assert (seed_check(seeding), seed_check(seeding)) == (Tally(1), Tally(0, 1))

    check = OrderCheck.objects.select_related("order").get()
    assert check.order.stage == Order.Stage.IN_REVIEW
    assert [reason["code"] for reason in check.reasons] == ["risk_many_pieces"]
    assert [law.code for law, found in audit() if found] == []


def test_without_plenty_of_anything_nothing_is_made():
    make_address(member=make_member(phone="13800000004"))
    make_stocked_sku(on_hand=60)

    assert seed_check(Seeding(at=NOON, tell=print)) == Tally(0)
    assert not Order.objects.exists()
